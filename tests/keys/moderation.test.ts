import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "../../packages/device/src/device.ts";
import { Ground, refusal } from "../device/home-fixture.ts";
import { keepOpen, until } from "./room.ts";

const standingOf = (device: LocalDevice) => device.standing()[0]?.link;

test("who is disconnected comes back by itself; who is kicked only by a command of its own", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await keepOpen(bob);
  assert.equal((await alice.api.member.disconnect({ member: "bob" })).name, "bob");
  await until("a second connection", () => (standingOf(bob)?.connects ?? 0) >= 2);
  await until("an open connection", () => standingOf(bob)?.link === "open");
  const kicked = await alice.api.member.kick({ member: "bob" });
  assert.equal(kicked.items[0]?.name, "bob");
  const away = await until("the end", () => {
    const standing = standingOf(bob);
    return standing?.link === "waiting" ? standing : undefined;
  });
  assert.match(away.reason ?? "", /an admin disconnected you; run the command again to return/);
  assert.equal(away.retryAt, undefined);
  await bob.api.mesh.info({});
  await until("an open connection", () => standingOf(bob)?.link === "open");
});

test("everyone below is kicked at once, and only those whose agents are idle with a time", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  for (const one of [bob, carol]) await keepOpen(one);
  assert.deepEqual((await alice.api.member.kick({ stale: "30m" })).items, []);
  const { items } = await alice.api.member.kick({ all: true });
  assert.deepEqual(items.map(({ name }) => name).sort(), ["bob", "carol"]);
  for (const input of [{}, { member: "bob", all: true }]) {
    await refusal("malformed", () => alice.api.member.kick(input));
  }
});

test("permissions are shown and set apart from the role, and hold at once", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  await alice.api.member.role({ member: "bob", role: "admin" });
  await alice.api.member.permissions({ action: "set", member: "bob", kick: false });
  const shown = await bob.api.member.permissions({ action: "get", member: "bob" });
  assert.deepEqual(shown.overrides, { kick: false });
  assert.equal(shown.permissions.ban, true);
  const error = await refusal("forbidden", () => bob.api.member.kick({ member: "carol" }));
  assert.deepEqual(error.detail, { reason: "author_permission", permission: "kick" });
  await alice.api.member.permissions({ action: "set", member: "bob", reset: true });
  assert.equal((await bob.api.member.kick({ member: "carol" })).items.length, 1);
});

test("a removal ends the connections of the removed member and takes it off every list at once", async (t) => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await keepOpen(bob);
  const began = Date.now();
  await alice.api.member.ban({ member: "bob" });
  await until("the end of bob's connection", () => standingOf(bob)?.link !== "open");
  assert.deepEqual((await alice.api.peer.list({})).items, []);
  t.diagnostic(`it took ${Date.now() - began} ms`);
});
