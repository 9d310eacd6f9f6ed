import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { OpenOutput } from "@claudemesh/protocol";
import { Ground, refusal } from "../device/home-fixture.ts";

test("both sides see one number, and only --confirm marks the keys as verified", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const here = await alice.api.member.verify({ peer: "bob" });
  const there = await bob.api.member.verify({ peer: "alice" });
  assert.match(here.number, /^\d{5}( \d{5}){5}$/);
  assert.equal(here.number, there.number);
  assert.equal(here.trust, "unverified");
  assert.equal(await trustOf(alice, "bob"), "unverified");
  const done = await alice.api.member.verify({ peer: "bob", confirm: true });
  assert.equal(done.trust, "verified");
  assert.ok(done.verifiedAt);
  assert.equal(await trustOf(alice, "bob"), "verified");
  assert.equal(await trustOf(bob, "alice"), "unverified");
  await ground.stopBroker();
  assert.equal((await alice.api.member.verify({ peer: "bob" })).number, here.number);
});

test("keys that are not those compared, and a name that reads like a verified one, are told apart loudly", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice", "bob");
  assert.ok(alice);
  await alice.api.member.verify({ peer: "bob", confirm: true });
  const { link } = await alice.api.invite.create({});
  const thief = await ground.device("thief");
  await thief.api.invite.claim({ invite: link, name: "Вob" });
  const items = (await alice.api.member.list({})).items;
  const thiefs = items.find(({ trust }) => trust === "look_alike");
  assert.ok(thiefs, "the look-alike is marked");
  const shown = await alice.api.member.verify({ peer: thiefs.key });
  assert.equal(shown.trust, "look_alike");
  assert.equal(shown.looksLike, "bob");
  const db = new DatabaseSync(join(ground.home("alice"), "home.db"));
  db.prepare("UPDATE verified SET seal_key = sign_key").run();
  db.close();
  assert.equal(await trustOf(alice, "bob"), "changed");
  assert.equal((await alice.api.member.verify({ peer: "bob" })).trust, "changed");
  assert.equal((await alice.api.member.verify({ peer: "bob", confirm: true })).trust, "verified");
});

test("an alias finds the peer, survives what others call themselves, and goes when it is taken back", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob);
  await refusal("exists", () => alice.api.alias.set({ alias: "Carol", peer: "bob" }));
  await alice.api.alias.set({ alias: "Build Box", peer: "bob" });
  await bob.api.member.update({ displayName: "robert" });
  assert.equal((await alice.api.member.verify({ peer: "build box" })).name, "robert");
  const { items } = await alice.api.alias.list({});
  assert.deepEqual(
    items.map(({ alias, name }) => [alias, name]),
    [["Build Box", "robert"]],
  );
  assert.equal((await alice.api.alias.set({ alias: "BUILD BOX" })).removed, true);
  await refusal("no_recipient", () => alice.api.member.verify({ peer: "build box" }));
  await refusal("not_found", () => alice.api.alias.set({ alias: "build box" }));
});

async function trustOf(
  device: { api: { member: { list(input: object): Promise<OpenOutput<"member.list">> } } },
  name: string,
): Promise<string | undefined> {
  const { items } = await device.api.member.list({});
  return items.find((item) => item.name === name)?.trust;
}
