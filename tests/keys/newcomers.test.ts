import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";
import { epochsOf, keepOpen, until } from "./room.ts";

test("an open invite goes up to the newest key as soon as its maker's device sees it", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice", "bob");
  assert.ok(alice);
  await keepOpen(alice);
  const { link, id } = await alice.api.invite.create({});
  await alice.api.member.ban({ member: "bob", keepLinks: true });
  using inside = new Inside(ground, "alice");
  await until("the rewritten blob", () =>
    inside.ctx.store.get("SELECT 1 FROM invite_made WHERE invite = ? AND epoch = 1", id),
  );
  await alice.close();
  const carol = await ground.device("carol");
  await carol.api.invite.claim({ invite: link });
  using late = new Inside(ground, "carol");
  assert.deepEqual(epochsOf(late), [0, 1]);
});

test("who joins by an old link is given the newer keys by whoever is online, at once", async (t) => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  await alice.api.mesh.settings({ whoMayInvite: "members" });
  const { link } = await bob.api.invite.create({});
  await bob.close();
  await alice.api.member.ban({ member: "carol", keepLinks: true });
  await keepOpen(alice);
  const dave = await ground.device("dave");
  await dave.api.invite.claim({ invite: link });
  using late = new Inside(ground, "dave");
  const began = Date.now();
  await keepOpen(dave);
  await until("the key of epoch 1", () => epochsOf(late).includes(1));
  t.diagnostic(`it took ${Date.now() - began} ms`);
});

test("where nobody has the key now, who waits is told so, and the first who comes gives it", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  await alice.api.mesh.settings({ whoMayInvite: "members" });
  const { link } = await bob.api.invite.create({});
  await alice.api.member.ban({ member: "carol", keepLinks: true });
  for (const one of [alice, bob, carol]) await one.close();
  const dave = await ground.device("dave");
  await dave.api.invite.claim({ invite: link });
  await keepOpen(dave);
  using late = new Inside(ground, "dave");
  const notice = await until("the notice", () =>
    late.ctx.store.get<{ text: string }>("SELECT text FROM notice WHERE code = 'awaiting_key'"),
  );
  assert.match(notice.text, /epoch 1 is not here; nobody who has it is connected/);
  assert.deepEqual(epochsOf(late), [0]);
  await keepOpen(await ground.device("alice"));
  await until("the key of epoch 1", () => epochsOf(late).includes(1));
  assert.deepEqual(late.notices(), []);
});

test("a policy of no history gives a newcomer the newest key only, whoever seals it", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.mesh.settings({ historyForNewMembers: "none" });
  await alice.api.member.ban({ member: "bob" });
  await keepOpen(alice);
  const { link } = await alice.api.invite.create({});
  const carol = await ground.device("carol");
  await carol.api.invite.claim({ invite: link });
  await keepOpen(carol);
  using late = new Inside(ground, "carol");
  assert.deepEqual(epochsOf(late), [1]);
  assert.deepEqual(late.notices(), []);
});

test("revoking a leaked link changes the mesh's key", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice", "bob");
  assert.ok(alice);
  const { id } = await alice.api.invite.create({});
  const revoked = await alice.api.invite.revoke({ invite: id, leaked: true });
  assert.equal(revoked.epoch, 1);
  using inside = new Inside(ground, "alice");
  assert.deepEqual(epochsOf(inside), [0, 1]);
});
