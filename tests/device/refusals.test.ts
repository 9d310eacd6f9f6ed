import assert from "node:assert/strict";
import { test } from "node:test";
import {
  envelopeDigest,
  newReceiptId,
  signReceipt,
  systemRandom,
  voidEnvelope,
} from "@claudemesh/crypto";
import {
  asSealed,
  audienceOf,
  ciphertextOf,
  type Envelope,
  type Hash,
  type MessageId,
  type RosterEntry,
  type RosterHead,
} from "@claudemesh/protocol";
import { syncRoster } from "../../packages/device/src/mesh-link/sync-roster.ts";
import { rosterEntries } from "../../packages/device/src/store/roster-entries.ts";
import { Ground, refusal } from "./home-fixture.ts";
import { Inside } from "./inside.ts";

async function three(ground: Ground): Promise<[Inside, Inside, Inside]> {
  const devices = await ground.mesh("alice", "bob", "carol");
  for (const device of devices) await device.api.member.list({});
  return [new Inside(ground, "alice"), new Inside(ground, "bob"), new Inside(ground, "carol")];
}

test("what is forged, tampered with or for another is refused with a notice, never shown", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await three(ground);
  using _a = alice;
  using _b = bob;
  using _c = carol;
  const forged = carol.seal(bob, { from: { member: alice.member, device: alice.row.device } });
  await bob.take("message", forged);
  const good = alice.seal(bob);
  const text = ciphertextOf(good.body);
  const flipped = text.startsWith("A") ? `B${text.slice(1)}` : `A${text.slice(1)}`;
  await bob.take("message", { ...good, body: asSealed(flipped) });
  await bob.take("message", { ...good, header: { ...good.header, priority: "now" } });
  assert.deepEqual(bob.notices(), ["bad_signature", "bad_signature", "bad_signature"]);
  const spoilt = good.sig.startsWith("A") ? `B${good.sig.slice(1)}` : `A${good.sig.slice(1)}`;
  await bob.take("message", { ...good, sig: spoilt });
  await bob.take("message", alice.seal(carol));
  assert.deepEqual(bob.notices().slice(3), ["bad_signature", "forbidden"]);
  const unproven = "what the broker may have altered is no word of the sender's";
  assert.deepEqual([bob.due(), bob.steps()], [[], []], unproven);
  await bob.take("message", { garbage: true });
  assert.equal(bob.notices().at(-1), "malformed");
  assert.deepEqual(bob.texts(), []);
  await bob.take("message", good);
  assert.deepEqual([bob.texts(), bob.due()], [["hello"], ["stored"]]);
});

test("what its sender did sign and is refused all the same is told to the sender", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await three(ground);
  using _a = alice;
  using _b = bob;
  using _c = carol;
  const sealedForCarol = alice.seal(carol, { to: audienceOf(bob.member) });
  await bob.take("message", sealedForCarol);
  assert.deepEqual([bob.notices(), bob.due()], [["bad_signature"], ["refused"]]);
  assert.deepEqual(bob.steps(), ["refused here: the body does not open with this key"]);
  const fork = { ...bob.ctx.rosters.of(bob.row.mesh).head, hash: "ab".repeat(32) as Hash };
  await bob.take("message", alice.seal(bob, { head: fork }));
  assert.deepEqual([bob.notices().at(-1), bob.due()], ["roster_fork", ["refused"]]);
});

test("a replay is passed over; the same id for something else is refused", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await three(ground);
  using _a = alice;
  using _b = bob;
  using _c = carol;
  const message = alice.seal(bob);
  await bob.take("message", message);
  await bob.take("message", message);
  assert.deepEqual([bob.texts(), bob.notices(), bob.due()], [["hello"], [], ["stored"]]);
  await bob.take("message", alice.seal(bob, { id: message.header.id, n: 2 }, { text: "other" }));
  assert.deepEqual([bob.texts(), bob.notices()], [["hello"], ["conflict"]]);
  assert.deepEqual(bob.due(), ["stored", "refused"]);
});

test("a head that differs from mine is loud, with both; one ahead waits until it is proven", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await three(ground);
  using _a = alice;
  using _b = bob;
  using _c = carol;
  const { head } = bob.ctx.rosters.of(bob.row.mesh);
  const other = "ab".repeat(32) as Hash;
  await bob.take("message", alice.seal(bob, { head: { seq: head.seq, hash: other } }));
  assert.deepEqual(bob.notices(), ["roster_fork"]);
  const told = bob.ctx.store.get<{ text: string }>("SELECT text FROM notice")?.text ?? "";
  assert.ok(told.includes(other.slice(0, 16)) && told.includes(head.hash.slice(0, 16)), told);

  const owner = await ground.device("alice");
  await owner.api.mesh.settings({ retentionDays: 9 });
  const ahead = alice.seal(bob, {}, { text: "from ahead" });
  assert.equal(ahead.header.head.seq, head.seq + 1);
  await bob.take("message", ahead);
  assert.deepEqual([bob.texts(), bob.notices().at(-1)], [[], "awaiting_roster"]);
  const [entry] = rosterEntries(alice.ctx.store, alice.row.mesh, head.seq);
  await bob.take("roster", entry);
  assert.deepEqual([bob.texts(), bob.notices()], [["from ahead"], ["roster_fork"]]);
});

test("gaps are told until a late message or a void fills them", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await three(ground);
  using _a = alice;
  using _b = bob;
  using _c = carol;
  await bob.take("message", alice.seal(bob, { n: 5 }));
  await bob.take("message", alice.seal(bob, { n: 8 }));
  assert.equal(bob.gaps(), 1);
  await bob.take("message", alice.seal(bob, { n: 6 }));
  const { header } = alice.seal(bob, { n: 7 });
  const { signer } = alice.secret;
  await bob.take("message", voidEnvelope({ header: { ...header, kind: "void" }, signer }));
  assert.equal(bob.gaps(), 0);
  assert.equal(bob.texts().length, 3);
});

test("only the recipient's own receipt for the very envelope moves a message", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await three(ground);
  using _a = alice;
  using _b = bob;
  using _c = carol;
  const owner = await ground.device("alice");
  const { id } = await owner.api.message.send({ to: "bob", text: "x" });
  const { store } = alice.ctx;
  const state = () =>
    store.get<{ state: string }>("SELECT state FROM outbox WHERE id = ?", id)?.state;
  const row = store.get<{ envelope: string }>("SELECT envelope FROM outbox WHERE id = ?", id);
  const digest = envelopeDigest(JSON.parse(row?.envelope ?? "") as Envelope);
  const receipt = (by: Inside, what: Hash, say: "stored" | "offered" = "stored") =>
    signReceipt(
      {
        id: newReceiptId(Date.now, systemRandom),
        mesh: by.row.mesh,
        member: by.member,
        device: by.row.device,
        to: alice.member,
        head: by.ctx.rosters.of(by.row.mesh).head,
        state: say,
        items: [{ id: id as MessageId, digest: what }],
        at: Date.now(),
      },
      by.secret.signer,
    );
  await alice.take("receipt", receipt(carol, digest));
  await alice.take("receipt", { ...receipt(carol, digest), member: bob.member });
  await alice.take("receipt", receipt(bob, "ab".repeat(32) as Hash));
  assert.equal(state(), "accepted");
  assert.deepEqual(alice.notices(), ["receipt_refused", "receipt_refused", "receipt_refused"]);
  await alice.take("receipt", receipt(bob, digest, "offered"));
  await alice.take("receipt", receipt(bob, digest));
  await alice.take("notice", { id, state: "expired" });
  assert.equal(state(), "offered");
});

test("the broker's word that a message expired counts while no device has it", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await three(ground);
  using _a = alice;
  using _b = bob;
  using _c = carol;
  const owner = await ground.device("alice");
  const { id } = await owner.api.message.send({ to: "bob", text: "x" });
  await alice.take("notice", { id, state: "expired" });
  const told = alice.ctx.store.get<{ state: string }>("SELECT state FROM outbox WHERE id = ?", id);
  assert.equal(told?.state, "expired");
});

test("a roster that was rolled back, cut short or forked is refused, each in its own words", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await three(ground);
  using _a = alice;
  using _b = bob;
  using _c = carol;
  const { rosters } = bob.ctx;
  const { mesh } = bob.row;
  const { head } = rosters.of(mesh);
  const giving = (items: RosterEntry[], claimed: RosterHead) => ({
    roster: { list: async () => ({ items, head: claimed }) },
  });
  const before = rosters.of(mesh).hashAt(head.seq - 1);
  assert.ok(before);
  const shorter = { seq: head.seq - 1, hash: before };
  const back = await refusal("log_mismatch", () =>
    syncRoster(rosters, mesh, giving([], shorter), shorter),
  );
  assert.match(back.message, /rolled back/);
  const beyond = { seq: head.seq + 3, hash: "cd".repeat(32) as Hash };
  const short = await refusal("log_mismatch", () =>
    syncRoster(rosters, mesh, giving([], beyond), beyond),
  );
  assert.match(short.message, /gives none after/);
  const forged = { ...head, hash: "cd".repeat(32) as Hash };
  const fork = await refusal("roster_fork", () =>
    syncRoster(rosters, mesh, giving([], forged), forged),
  );
  assert.deepEqual(fork.detail?.claimed, forged);
  assert.deepEqual(rosters.of(mesh).head, head);
});
