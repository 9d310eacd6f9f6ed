import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, refusal } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";
import { epochsOf, keepOpen, onlineMesh, until } from "./room.ts";

test("a ban gives everyone who stays the next key at once, and the one who goes nothing", async (t) => {
  await using ground = await Ground.start();
  using room = await onlineMesh(ground, "alice", "bob", "carol", "dave", "erin");
  const [alice, bob] = room.devices;
  const began = Date.now();
  const banned = await alice?.api.member.ban({ member: "bob" });
  assert.equal(banned?.epoch, 1);
  const [, bobInside, ...others] = room.insides;
  for (const one of others) {
    await until("the key of epoch 1", () => epochsOf(one).includes(1));
  }
  t.diagnostic(`it took ${Date.now() - began} ms`);
  assert.deepEqual(bobInside && epochsOf(bobInside), [0]);
  const error = await refusal("not_member", () => bob?.api.mesh.info({}) ?? Promise.resolve());
  assert.match(error.hint ?? "", /unban/);
});

test("who was away when a member was removed has the key when it comes back", async () => {
  await using ground = await Ground.start();
  const [alice, , carol] = await ground.mesh("alice", "bob", "carol");
  await carol?.close();
  await alice?.api.member.ban({ member: "bob" });
  const back = await ground.device("carol");
  await keepOpen(back);
  using inside = new Inside(ground, "carol");
  await until("the key of epoch 1", () => epochsOf(inside).includes(1));
});

test("one who leaves starts no key; the first admin's device that sees it does", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  await alice.close();
  await bob.api.mesh.leave({ mesh: "team" });
  await keepOpen(carol);
  using inside = new Inside(ground, "carol");
  const roster = () => inside.ctx.rosters.of(inside.row.mesh);
  await until("the leaving", () => roster().isEpochDue);
  assert.deepEqual(epochsOf(inside), [0]);
  const back = await ground.device("alice");
  await keepOpen(back);
  await until("the key of epoch 1", () => epochsOf(inside).includes(1));
  assert.equal(roster().isEpochDue, false);
});

test("an admin who removes one and an admin who removes another at once both succeed, each with a key of its own", async () => {
  await using ground = await Ground.start();
  using room = await onlineMesh(ground, "alice", "bob", "carol", "dave", "erin");
  const [alice, bob, , , erin] = room.devices;
  assert.ok(alice && bob && erin);
  await alice.api.member.role({ member: "bob", role: "admin" });
  const [first, second] = await Promise.all([
    alice.api.member.ban({ member: "carol" }),
    bob.api.member.ban({ member: "dave" }),
  ]);
  assert.deepEqual([first.epoch, second.epoch].toSorted(), [1, 2].toSorted());
  const [a, b, c, d, e] = room.insides;
  assert.ok(a && b && c && d && e);
  for (const one of [a, b, e]) {
    await until("both keys", () => epochsOf(one).length === 3 || undefined);
  }
  const newest = (one: Inside) =>
    one.ctx.store.get<{ key: string }>("SELECT key FROM ring WHERE epoch = 2")?.key;
  assert.equal(newest(a), newest(e));
  assert.equal(newest(c) ?? newest(d), undefined);
});

test("two admins who remove the same member at once both see it gone, after one new key", async () => {
  await using ground = await Ground.start();
  using room = await onlineMesh(ground, "alice", "bob", "carol");
  const [alice, bob] = room.devices;
  assert.ok(alice && bob);
  await alice.api.member.role({ member: "bob", role: "admin" });
  const both = await Promise.all([
    alice.api.member.ban({ member: "carol" }),
    bob.api.member.ban({ member: "carol" }),
  ]);
  assert.deepEqual(
    both.map(({ epoch }) => epoch),
    [1, 1],
  );
});

test("one who was let back has the keys of the time before, between and after, and a ban list without it", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob);
  await keepOpen(alice);
  await alice.api.member.ban({ member: "bob" });
  const { items } = await alice.api.member.bans({});
  assert.deepEqual(
    items.map(({ name, by, role }) => ({ name, by, role })),
    [{ name: "bob", by: "alice", role: "member" }],
  );
  assert.equal((await alice.api.member.unban({ member: "bob" })).role, "member");
  assert.deepEqual((await alice.api.member.bans({})).items, []);
  await keepOpen(bob);
  using inside = new Inside(ground, "bob");
  await until("the key of epoch 1", () => epochsOf(inside).includes(1));
});

test("one who was removed does not come back by another invite before an owner lets it", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.member.ban({ member: "bob" });
  await bob.api.mesh.leave({ mesh: "team" });
  const { link } = await alice.api.invite.create({});
  const error = await refusal("forbidden", () => bob.api.invite.claim({ invite: link }));
  assert.match(error.message, /you were removed from Team/);
  await alice.api.member.unban({ member: "bob" });
  assert.equal((await bob.api.invite.claim({ invite: link })).role, "member");
});
