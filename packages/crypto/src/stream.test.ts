import assert from "node:assert/strict";
import { test } from "node:test";
import type { StreamItem } from "@claudemesh/protocol";
import { domains } from "./domain.ts";
import { fromBase64, toBase64 } from "./encoding.ts";
import { topicId } from "./roster/fixture.ts";
import { signStatement } from "./signature.ts";
import { openStreamItem, sealStreamItem, verifyStreamItem } from "./stream.ts";
import { memberOf, moment } from "./testing/fixtures.ts";
import { mustFail } from "./testing/must-fail.ts";
import { bob, cyd, keyOf, Room } from "./testing/room.ts";
import { seededRandom } from "./testing/seeded-random.ts";

const room = new Room();
const ring = room.ring();

const seal = (text: string, n = 1, label = `item ${n}`): StreamItem =>
  sealStreamItem({
    statement: {
      ...{ mesh: room.roster.mesh, stream: "builds", topic: topicId(1), keyVersion: 1 },
      ...{ member: room.id(bob), device: memberOf("room").device, run: "0".repeat(16) },
      ...{ n, at: moment },
    },
    ...{ text, ring, isPrivate: true, signer: bob.signer, random: seededRandom(label) },
  });

/** What a listener does: the key is the one that the roster has for the member. */
const hear = (item: StreamItem, with_ = ring, isPrivate = true): string => {
  verifyStreamItem(item, bob.keys.sign);
  return openStreamItem(item, with_, isPrivate);
};

/** Another value for each field that a statement has. */
const others: { readonly [K in keyof Required<StreamItem>]: unknown } = {
  v: 2,
  mesh: `mesh_${"0".repeat(64)}`,
  stream: "deploys",
  topic: topicId(2),
  member: room.id(cyd),
  device: memberOf("other").device,
  run: "1".repeat(16),
  n: 2,
  keyVersion: 2,
  at: moment + 1,
  sealed: seal("another", 1, "another").sealed,
  author: cyd.keys.sign,
  sig: seal("another", 1, "another").sig,
};

test("an item opens for who has the key, whatever its text", () => {
  for (const text of ["", "0", '"ä🦊\\n"', "x".repeat(100_000)])
    assert.equal(hear(seal(text)), text);
});

test("no field can be changed", () => {
  const item = seal("1");
  assert.deepEqual(Object.keys(others).sort(), Object.keys(item).sort(), "every field is tried");
  for (const [field, other] of Object.entries(others)) {
    const changed = { ...item, [field]: other } as StreamItem;
    mustFail("bad_signature", () => hear(changed), field);
  }
  const { topic: _topic, ...without } = item;
  mustFail("bad_signature", () => hear(without as StreamItem), "without its topic");
});

test("nor by its own publisher without the seal being another: what is signed anew does not open", () => {
  const { sig: _sig, ...fields } = seal("1");
  const bound = ["device", "member", "mesh", "n", "run", "stream", "at"] as const;
  for (const field of bound) {
    const anew = signStatement(
      domains.stream,
      { ...fields, [field]: others[field] } as typeof fields,
      bob.signer,
    );
    mustFail("bad_signature", () => hear(anew), field);
  }
});

test("two items do not pass for each other, nor in each other's place", () => {
  const [first, second] = [seal("1", 1), seal("2", 2)];
  mustFail("bad_signature", () => hear({ ...first, sealed: second.sealed }), "exchanged");
  mustFail("bad_signature", () => hear({ ...first, n: 2 }), "moved");
  mustFail(
    "bad_signature",
    () => hear({ ...second, n: 1, sig: first.sig }),
    "signature of another",
  );
});

test("no bit of what is sealed can be flipped, and nothing cut off or put behind", () => {
  const { sig: _sig, ...fields } = seal('{"n":1}');
  const bytes = fromBase64(fields.sealed);
  const withSealed = (sealed: Uint8Array) =>
    signStatement(domains.stream, { ...fields, sealed: toBase64(sealed) }, bob.signer);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Uint8Array.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    mustFail("bad_signature", () => hear(withSealed(flipped)), `bit ${bit}`);
  }
  for (let length = 0; length < bytes.length; length++) {
    mustFail("bad_signature", () => hear(withSealed(bytes.subarray(0, length))), `${length} bytes`);
  }
  mustFail("bad_signature", () => hear(withSealed(Uint8Array.of(...bytes, 0))), "one byte more");
});

test("without the key, or with the mesh's in place of the topic's, it does not open", () => {
  const item = seal("1");
  mustFail("not_found", () => hear(item, room.ring(false)), "no topic key");
  mustFail("bad_signature", () => hear(item, ring, false), "the mesh's key");
  assert.notEqual(keyOf("topic 1"), keyOf("epoch 1"));
});
