import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyBundleRow } from "@claudemesh/protocol";
import { keyCommitment } from "./commitment.ts";
import { domains } from "./domain.ts";
import { bundleRecipients, coversAll, uncovered, verifyKeyBundleRow } from "./key-bundle.ts";
import { person, topicId } from "./roster/fixture.ts";
import { openKeyBundleRow, sealKeyBundle } from "./seal-key-bundle.ts";
import { signStatement } from "./signature.ts";
import { mustFail } from "./testing/must-fail.ts";
import { ann, bob, cyd, dan, keyOf, openerOf, Room } from "./testing/room.ts";
import { seededRandom } from "./testing/seeded-random.ts";

const random = seededRandom("bundle");
const seal = (room: Room, key: string, rest: object = {}) =>
  sealKeyBundle({ roster: room.roster, key, signer: ann.signer, random, ...rest });
const reader = (room: Room, who = bob) => ({
  roster: room.roster,
  member: room.id(who),
  opener: openerOf(who),
});

test("a bundle reaches every member, before and after the entry that commits to its key", () => {
  const room = new Room();
  const rows = seal(room, keyOf("epoch 2"));
  assert.equal(rows.length, 4);
  const entry = room.chain.next(ann, "epoch", room.nextEpoch());
  assert.equal(coversAll(rows, room.roster, entry), true);
  const mine = rows[1] as KeyBundleRow;
  mustFail("not_found", () => openKeyBundleRow(mine, reader(room)));
  room.roster.apply(entry);
  const opened = openKeyBundleRow(mine, reader(room));
  assert.deepEqual(opened, { epoch: 2, key: keyOf("epoch 2") });
  const ring = room.ring(false);
  ring.add(opened, room.roster);
  assert.equal(ring.epochKey(2), keyOf("epoch 2"));
});

test("keys of before, K0 among them, are sealed to one who came later", () => {
  const room = new Room();
  for (const epoch of [0, 1]) {
    const [row] = seal(room, keyOf(`epoch ${epoch}`), { recipients: [room.id(bob)] });
    assert.deepEqual(openKeyBundleRow(row, reader(room)), { epoch, key: keyOf(`epoch ${epoch}`) });
  }
  const [row] = seal(room, keyOf("topic 1"), { recipients: [room.id(bob)] });
  const key = { topic: topicId(1), version: 1, key: keyOf("topic 1") };
  assert.deepEqual(openKeyBundleRow(row, reader(room)), key);
});

test("nobody outside the sealer's own chain is sealed to", () => {
  const room = new Room();
  const gone = room.id(dan);
  room.chain.remove(ann, dan);
  const stranger = `mbr_${"0".repeat(64)}` as typeof gone;
  for (const recipient of [gone, stranger]) {
    mustFail("not_member", () => seal(room, keyOf("epoch 1"), { recipients: [recipient] }));
  }
  assert.equal(seal(room, keyOf("epoch 1")).length, 3);
});

test("what must be covered: all but whom the entry removes, or everyone in the topic", () => {
  const room = new Room();
  const { chain, roster } = room;
  const ids = [ann, bob, cyd, dan].map((one) => room.id(one));
  const epoch = chain.epoch();
  assert.deepEqual(bundleRecipients(roster, chain.next(ann, "epoch", epoch)), ids);
  const remove = chain.next(ann, "remove", { member: room.id(cyd), epoch });
  assert.deepEqual(bundleRecipients(roster, remove), [ids[0], ids[1], ids[3]]);
  assert.deepEqual(bundleRecipients(roster, chain.nextRekey(bob, bob, person(8))), ids);
  const topicKey = chain.next(bob, "topic_key", chain.topicKey(1));
  assert.deepEqual(bundleRecipients(roster, topicKey), ids.slice(1));
  const leave = chain.next(bob, "remove", { member: room.id(bob) });
  assert.deepEqual(bundleRecipients(roster, leave), []);
  assert.deepEqual(uncovered(roster, remove, new Set([ids[0] as (typeof ids)[0]])), [
    ids[1],
    ids[3],
  ]);
});

test("a bundle that leaves someone out, or is of another key, does not cover", () => {
  const room = new Room();
  const rows = seal(room, keyOf("epoch 2"));
  const entry = room.chain.next(ann, "epoch", room.nextEpoch());
  assert.equal(coversAll(rows.slice(1), room.roster, entry), false);
  assert.equal(coversAll(seal(room, keyOf("epoch 1")), room.roster, entry), false);
  room.chain.invite(ann, 5);
  room.chain.join(person(9), 5);
  const again = room.chain.next(ann, "epoch", entry.body);
  assert.equal(coversAll(rows, room.roster, again), false);
  const late = seal(room, keyOf("epoch 2"), { recipients: [room.chain.idOf(person(9))] });
  assert.equal(coversAll([...rows, ...late], room.roster, again), true);
});

test("a rekey's bundle is sealed to the keys that it brings", () => {
  const room = new Room();
  const member = room.id(bob);
  const rekeyed = { member, seal: person(1).keys.seal };
  const fresh = person(3).keys.seal;
  const [old] = seal(room, keyOf("epoch 1"), { recipients: [member], rekeyed });
  openKeyBundleRow(old, reader(room));
  const [row] = seal(room, keyOf("epoch 1"), {
    recipients: [member],
    rekeyed: { member, seal: fresh },
  });
  mustFail("bad_signature", () => openKeyBundleRow(row, reader(room)));
  const opener = openerOf(dan);
  assert.equal(openKeyBundleRow(row, { ...reader(room), opener }).key, keyOf("epoch 1"));
});

test("each row that is wrong is refused", () => {
  const room = new Room();
  const [good] = seal(room, keyOf("epoch 1"), { recipients: [room.id(bob)] });
  assert.ok(good);
  const { sig: _sig, ...fields } = good;
  const signed = (change: object, by = ann) =>
    signStatement(domains.keyBundle, { ...fields, ...change, author: by.signer.key }, by.signer);
  const verify = (row: unknown) => () => verifyKeyBundleRow(row, room.roster);
  const open = (row: unknown) => () => openKeyBundleRow(row, reader(room));
  const stranger = person(77);
  mustFail("malformed", verify(signed({ mesh: `mesh_${"0".repeat(64)}` })));
  mustFail("malformed", verify({ ...good, sealed: "AAAA" }));
  mustFail("not_member", verify(signed({}, stranger)));
  mustFail("not_member", open(signed({}, stranger)));
  mustFail("not_member", verify(signed({ recipient: `mbr_${"0".repeat(64)}` })));
  mustFail("bad_signature", verify({ ...good, recipient: room.id(cyd) }));
  mustFail("bad_signature", open({ ...good, sig: signed({}, bob).sig }));
  mustFail("forbidden", open(signed({ recipient: room.id(cyd) })));
  const otherKey = keyCommitment("", keyOf("epoch 0"));
  mustFail("bad_signature", open(signed({ commitment: otherKey })));
  const [other] = seal(room, keyOf("epoch 2"), { recipients: [room.id(bob)] });
  mustFail("not_found", open(other));
});

test("a row by one who was removed since still opens, and no longer counts for the broker", () => {
  const room = new Room();
  const input = { roster: room.roster, key: keyOf("epoch 1"), signer: cyd.signer, random };
  const [row] = sealKeyBundle({ ...input, recipients: [room.id(bob)] });
  verifyKeyBundleRow(row, room.roster);
  room.chain.remove(ann, cyd);
  mustFail("not_member", () => verifyKeyBundleRow(row, room.roster));
  assert.equal(openKeyBundleRow(row, reader(room)).key, keyOf("epoch 1"));
});
