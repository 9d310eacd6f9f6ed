import assert from "node:assert/strict";
import { test } from "node:test";
import { envelopeDigest, newReceiptId, signReceipt, systemRandom } from "@claudemesh/crypto";
import type { Envelope, Hash, MessageId, RosterHead } from "@claudemesh/protocol";
import { awaitingLimits } from "../../packages/device/src/store/awaiting-rows.ts";
import { rosterEntries } from "../../packages/device/src/store/roster-entries.ts";
import { Ground } from "./home-fixture.ts";
import { Inside } from "./inside.ts";

const other = "ab".repeat(32) as Hash;

async function two(ground: Ground): Promise<[Inside, Inside]> {
  await ground.mesh("alice", "bob");
  const alice = new Inside(ground, "alice");
  const owner = await ground.device("alice");
  await owner.api.member.list({});
  return [alice, new Inside(ground, "bob")];
}

const tellings = (inside: Inside): string[] =>
  inside.ctx.store.all<{ text: string }>("SELECT text FROM notice ORDER BY id").map((n) => n.text);

test("a receipt whose signer was shown another roster is told with both heads and does not count", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await two(ground);
  using _a = alice;
  using _b = bob;
  const owner = await ground.device("alice");
  const { id } = await owner.api.message.send({ to: "bob", text: "x" });
  const row = alice.ctx.store.get<{ envelope: string }>("SELECT envelope FROM outbox");
  const digest = envelopeDigest(JSON.parse(row?.envelope ?? "") as Envelope);
  const state = () =>
    alice.ctx.store.get<{ state: string }>("SELECT state FROM outbox WHERE id = ?", id)?.state;
  const receipt = (head: RosterHead) =>
    signReceipt(
      {
        id: newReceiptId(Date.now, systemRandom),
        mesh: bob.row.mesh,
        member: bob.member,
        device: bob.row.device,
        to: alice.member,
        head,
        state: "stored",
        items: [{ id: id as MessageId, digest }],
        at: Date.now(),
      },
      bob.secret.signer,
    );
  const { head } = alice.ctx.rosters.of(alice.row.mesh);
  let synced = 0;
  const sync = async () => {
    synced += 1;
  };
  await alice.take("receipt", receipt({ seq: head.seq, hash: other }), sync);
  assert.deepEqual([alice.notices(), state(), synced], [["roster_fork"], "accepted", 0]);
  const [fork = ""] = tellings(alice);
  assert.ok(fork.includes(other.slice(0, 16)) && fork.includes(head.hash.slice(0, 16)), fork);
  await alice.take("receipt", receipt({ seq: head.seq + 1, hash: other }), sync);
  assert.deepEqual([alice.notices().at(-1), state(), synced], ["awaiting_roster", "stored", 1]);
});

test("a head that the broker gives when asked is no cause for a notice", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await two(ground);
  using _a = alice;
  using _b = bob;
  const reader = await ground.device("bob");
  const owner = await ground.device("alice");
  await owner.api.message.send({ to: "bob", text: "x" });
  await reader.drain();
  await owner.drain();
  assert.deepEqual(alice.notices(), []);
  const sent = alice.ctx.store.get<{ state: string }>("SELECT state FROM outbox");
  assert.equal(sent?.state, "stored");
});

test("what waits for roster entries is bounded per sender, and told once", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await two(ground);
  using _a = alice;
  using _b = bob;
  const { seq } = bob.ctx.rosters.of(bob.row.mesh).head;
  const head = { seq: seq + 1, hash: other };
  const ahead = (n: number) => alice.seal(bob, { head, n });
  for (let n = 1; n <= awaitingLimits.perSender + 5; n += 1) await bob.take("message", ahead(n));
  const count = bob.ctx.store.get<{ c: number }>("SELECT count(*) AS c FROM awaiting");
  assert.equal(count?.c, awaitingLimits.perSender);
  assert.deepEqual(bob.notices(), ["awaiting_roster", "awaiting_roster"]);
  assert.deepEqual([bob.due(), bob.steps()], [[], []]);
});

test("two envelopes that wait under one place of the log, or one spoilt copy of another, are both kept", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await two(ground);
  using _a = alice;
  using _b = bob;
  const { head } = bob.ctx.rosters.of(bob.row.mesh);
  const owner = await ground.device("alice");
  await owner.api.mesh.settings({ retentionDays: 9 });
  const first = alice.seal(bob, { n: 1 }, { text: "first" });
  const second = alice.seal(bob, { n: 2 }, { text: "second" });
  const spoilt = { ...first, sig: second.sig };
  await bob.takeAt(7, "message", spoilt);
  await bob.takeAt(7, "message", first);
  await bob.takeAt(7, "message", second);
  await bob.takeAt(7, "message", second);
  const [entry] = rosterEntries(alice.ctx.store, alice.row.mesh, head.seq);
  await bob.take("roster", entry);
  assert.deepEqual(bob.texts(), ["first", "second"]);
  assert.deepEqual([bob.notices(), bob.due()], [["bad_signature"], ["stored", "stored"]]);
  assert.equal(bob.ctx.store.all("SELECT 1 FROM awaiting").length, 0);
});
