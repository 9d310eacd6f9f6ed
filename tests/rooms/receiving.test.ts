import assert from "node:assert/strict";
import { test } from "node:test";
import { nextEntry, sealShared, systemRandom } from "@claudemesh/crypto";
import { type Envelope, type EnvelopeHeader, everyone, type Hash } from "@claudemesh/protocol";
import { keyArrived } from "../../packages/device/src/keys/key-arrived.ts";
import { ringOf } from "../../packages/device/src/keys/ring-of.ts";
import { Ground, refusal, texts } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";

/** A broadcast of a member's, or what `over` makes of it, sealed and signed for real. */
function sealed(from: Inside, over: Partial<EnvelopeHeader> = {}, text = "to all"): Envelope {
  const { ctx, row, secret } = from;
  const header: EnvelopeHeader = {
    v: 1,
    id: ctx.ids.nextMessageId(),
    mesh: row.mesh,
    from: { member: row.member, device: row.device },
    to: everyone,
    priority: "next",
    kind: "broadcast",
    keyVersion: 0,
    contentType: "application/json",
    createdAt: Date.now(),
    head: ctx.rosters.of(row.mesh).head,
    n: 1,
    ...over,
  };
  const ring = ringOf(ctx, row.mesh);
  return sealShared({ header, body: { text }, ring, signer: secret.signer, random: systemRandom });
}

/** Texts that wait for a reader. */
const waiting = ({ ctx }: Inside): string[] =>
  ctx.store
    .all<{ text: string }>(
      "SELECT text FROM inbox WHERE handed_at IS NULL AND guard IS NULL ORDER BY position",
    )
    .map(({ text }) => text);

const flex = "g:flex" as EnvelopeHeader["to"];

test("a ciphertext moved to another audience, key or member is refused, whoever signs", async () => {
  await using ground = await Ground.start();
  // Everyone knows everyone.
  for (const one of await ground.mesh("alice", "bob", "eve")) await one.api.member.list({});
  using alice = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  using eve = new Inside(ground, "eve");
  const good = sealed(alice);
  const { body, header, sig } = good;
  const moved = { ...header, to: flex, kind: "group" as const };
  await bob.take("message", { header: moved, body, sig });
  await bob.take("message", { header: { ...header, keyVersion: 1 }, body, sig });
  // Eve holds the same key, and signs alice's ciphertext under a header of her own.
  const own = sealed(eve, { n: 1 }, "mine");
  const stolen = sealed(eve, { n: 2 });
  await bob.take("message", { ...own, body });
  await bob.take("message", { ...stolen, header: { ...stolen.header, n: 3 } });
  await bob.take("message", sealed(alice, { to: flex, keyVersion: 0 }));
  assert.deepEqual(waiting(bob), []);
  assert.deepEqual(bob.notices(), [
    "bad_signature",
    "roster_stale",
    "bad_signature",
    "bad_signature",
    "malformed",
  ]);
  await bob.take("message", good);
  await bob.take("message", good);
  assert.deepEqual(waiting(bob), ["to all"]);
});

test("what lacks its key waits, verified, and is opened once when the key comes", async () => {
  await using ground = await Ground.start();
  await ground.mesh("alice", "bob");
  using alice = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  const { mesh } = bob.row;
  const [row] = bob.ctx.store.all<{ key: string }>("SELECT key FROM ring WHERE mesh = ?", mesh);
  assert.ok(row);
  bob.ctx.store.write(() => bob.ctx.store.run("DELETE FROM ring WHERE mesh = ?", mesh));
  bob.ctx.rings.forget(mesh);
  await bob.take("message", sealed(alice, {}, "later"));
  assert.deepEqual(bob.notices(), ["awaiting_key"]);
  assert.deepEqual(bob.due(), [], "nothing is said to be stored that nobody could read");
  await keyArrived(bob.ctx, mesh);
  assert.deepEqual(waiting(bob), []);
  bob.ctx.rings.add(mesh, [{ epoch: 0, key: row.key }]);
  await keyArrived(bob.ctx, mesh);
  await keyArrived(bob.ctx, mesh);
  assert.deepEqual(waiting(bob), ["later"]);
  assert.deepEqual(bob.notices(), []);
  assert.deepEqual(bob.due(), ["stored"]);
});

test("a sender without the newest key keeps the message, says why, and sends it when the key comes", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.close();
  const mesh = (() => {
    using inside = new Inside(ground, "alice");
    return inside.row.mesh;
  })();
  const key = (() => {
    using inside = new Inside(ground, "alice");
    const row = inside.ctx.store.get<{ key: string }>("SELECT key FROM ring");
    inside.ctx.store.write(() => inside.ctx.store.run("DELETE FROM ring"));
    return row?.key ?? "";
  })();
  const without = await ground.device("alice");
  const kept = await without.api.message.send({ to: "*", text: "to all" });
  assert.deepEqual([kept.state, kept.reason], ["queued", "awaiting_key"]);
  const direct = await without.api.message.send({ to: "bob", text: "meanwhile" });
  assert.equal(direct.state, "accepted", "it holds up nothing that goes elsewhere");
  await without.close();
  using inside = new Inside(ground, "alice");
  inside.ctx.rings.add(mesh, [{ epoch: 0, key }]);
  await keyArrived(inside.ctx, mesh);
  const again = await ground.device("alice");
  await again.api.message.inbox({});
  assert.equal((await again.api.message.status({ id: kept.id })).state, "accepted");
  assert.deepEqual(texts(await bob.api.message.inbox({})).sort(), ["meanwhile", "to all"]);
});

test("what one who was removed may have dated back is kept for people, and offered to no agent", async () => {
  await using ground = await Ground.start();
  const [owner, bob] = await ground.mesh("alice", "bob", "eve");
  assert.ok(owner && bob);
  for (const one of [owner, bob]) await one.api.member.list({});
  await bob.close();
  using alice = new Inside(ground, "alice");
  using eve = new Inside(ground, "eve");
  const before = sealed(eve, { n: 1 }, "dated back");
  const removal = nextEntry(
    alice.ctx.rosters.of(alice.row.mesh),
    "remove",
    { member: eve.member, epoch: { number: 1, commitment: "0".repeat(64) as Hash } },
    { signer: alice.secret.signer, now: Date.now() },
  );
  const id = await (async () => {
    using inside = new Inside(ground, "bob");
    // The broker hands the entry on first, and then what it says to have come before it.
    await inside.takeAt(2_000, "roster", removal);
    await inside.takeAt(1_999, "message", before);
    assert.deepEqual(waiting(inside), []);
    assert.deepEqual(inside.notices(), ["roster_stale"]);
    await inside.takeAt(2_001, "message", sealed(eve, { n: 2 }, "after"));
    assert.deepEqual(inside.notices(), ["roster_stale", "roster_stale"]);
    return before.header.id;
  })();
  await ground.stopBroker();
  const again = await ground.device("bob");
  assert.deepEqual(texts(await again.api.message.inbox({})), []);
  assert.equal((await again.api.message.show({ id })).text, "dated back");
  const agent = again.reader({ agentSession: "a1" });
  await refusal("forbidden", () => agent.call("message.show", { id }));
  await agent.close();
});
