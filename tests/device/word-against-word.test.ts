import assert from "node:assert/strict";
import { test } from "node:test";
import { envelopeDigest, signReceipt } from "@claudemesh/crypto";
import type { MessageId, ReceiptState } from "@claudemesh/protocol";
import { addOutbox, outboxRow } from "../../packages/device/src/store/outbox-rows.ts";
import { Ground } from "./home-fixture.ts";
import { Inside } from "./inside.ts";

/** Puts a message of alice's to bob into her outbox, in this state by the broker's word. */
function put(alice: Inside, bob: Inside, state: string) {
  const envelope = alice.seal(bob);
  const { id } = envelope.header;
  const to = { mesh: alice.row.mesh, recipient: bob.member, priority: "next" as const };
  addOutbox(alice.ctx.store, { ...to, id, text: "hello", reply_to: null, created_at: Date.now() });
  const digest = envelopeDigest(envelope);
  alice.ctx.store.run("UPDATE outbox SET state = ?, digest = ? WHERE id = ?", state, digest, id);
  const receipt = (said: ReceiptState) =>
    signReceipt(
      {
        id: bob.ctx.ids.nextReceiptId(),
        mesh: bob.row.mesh,
        member: bob.member,
        device: bob.row.device,
        head: bob.ctx.rosters.of(bob.row.mesh).head,
        to: alice.member,
        state: said,
        items: [{ id, digest }],
        at: Date.now(),
      },
      bob.secret.signer,
    );
  return { id, take: (said: ReceiptState) => alice.take("receipt", receipt(said)) };
}

const stateOf = (alice: Inside, id: MessageId) => outboxRow(alice.ctx.store, id)?.state;

test("what the recipient signed outranks the broker's word", async () => {
  await using ground = await Ground.start();
  const [owner] = await ground.mesh("alice", "bob");
  await owner?.drain();
  using alice = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  for (const state of ["refused", "undeliverable"]) {
    const { id, take } = put(alice, bob, state);
    await take("stored");
    assert.equal(stateOf(alice, id), "stored");
    await take("refused");
    assert.equal(stateOf(alice, id), "refused");
    await take("stored");
    assert.equal(stateOf(alice, id), "refused");
    await take("offered");
    assert.equal(stateOf(alice, id), "offered");
    await take("refused");
    assert.equal(stateOf(alice, id), "offered");
  }
});

test("the broker's word that a message expired counts only for what it accepted", async () => {
  await using ground = await Ground.start();
  await ground.mesh("alice", "bob");
  using alice = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  for (const [before, after] of [
    ["queued", "queued"],
    ["accepted", "expired"],
    ["stored", "stored"],
  ] as const) {
    const { id } = put(alice, bob, before);
    await alice.take("notice", { id, state: "expired" });
    assert.equal(stateOf(alice, id), after);
  }
});
