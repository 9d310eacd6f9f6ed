import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@claudemesh/protocol";
import { toHex } from "./encoding.ts";
import { KeyRing } from "./key-ring.ts";
import { topicId } from "./roster/fixture.ts";
import { groupKey, privateTopicKey, publicTopicKey } from "./shared-key.ts";
import { mustFail } from "./testing/must-fail.ts";
import { ann, keyOf, Room } from "./testing/room.ts";

test("a ring comes back from its text, which is canonical", () => {
  const room = new Room();
  const text = room.ring().serialize();
  const again = KeyRing.parse(text, room.roster);
  assert.equal(again.serialize(), text);
  assert.equal(again.epochKey(1), keyOf("epoch 1"));
  assert.equal(again.topicKey(topicId(1), 1), keyOf("topic 1"));
  assert.equal(again.epochKey(2), undefined);
  assert.equal(again.topicKey(topicId(2), 1), undefined);
  const backwards = new KeyRing(room.roster.mesh);
  for (const epoch of [1, 0]) backwards.add({ epoch, key: keyOf(`epoch ${epoch}`) }, room.roster);
  assert.equal(backwards.serialize(), room.ring(false).serialize());
});

test("a ring does not print its keys", () => {
  const ring = new Room().ring();
  assert.equal(JSON.stringify({ ring }), '{"ring":"[key ring]"}');
});

test("only keys that fit their commitment come in", () => {
  const room = new Room();
  const ring = room.ring();
  const add = (key: Parameters<KeyRing["add"]>[0]) => () => ring.add(key, room.roster);
  const before = ring.serialize();
  mustFail("bad_signature", add({ epoch: 1, key: keyOf("epoch 0") }));
  mustFail("bad_signature", add({ epoch: 2, key: keyOf("epoch 2") }));
  mustFail("bad_signature", add({ topic: topicId(1), version: 1, key: keyOf("epoch 1") }));
  mustFail("bad_signature", add({ topic: topicId(1), version: 2, key: keyOf("topic 2") }));
  mustFail("bad_signature", add({ topic: topicId(2), version: 1, key: keyOf("topic 1") }));
  mustFail("malformed", add({ epoch: 1, key: "AAAA" }));
  assert.equal(ring.serialize(), before);
});

test("a stored ring that was changed, or is of another mesh, is refused", () => {
  const room = new Room();
  const text = room.ring().serialize();
  const other = room.chain.roster.mesh.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
  mustFail("malformed", () => KeyRing.parse("{", room.roster));
  mustFail("malformed", () => KeyRing.parse("{}", room.roster));
  mustFail("malformed", () => KeyRing.parse(text.replace(room.roster.mesh, other), room.roster));
  const swapped = text.replace(keyOf("epoch 0"), keyOf("epoch 1"));
  mustFail("bad_signature", () => KeyRing.parse(swapped, room.roster));
});

test("a welcome carries all keys, or those from now on, as the policy says", () => {
  const room = new Room();
  const ring = room.ring();
  const all = [0, 1].map((epoch) => ({ epoch, key: keyOf(`epoch ${epoch}`) }));
  assert.deepEqual(ring.welcomeRing(room.roster.policy), all);
  room.chain.add(ann, "policy", { historyForNewMembers: "none" });
  assert.deepEqual(ring.welcomeRing(room.roster.policy), all.slice(1));
  while (room.keys.length < limits.welcomeEpochs + 2) {
    room.chain.add(ann, "epoch", room.nextEpoch());
  }
  const many = room.ring().welcomeRing({ historyForNewMembers: "all" });
  assert.equal(many.length, limits.welcomeEpochs);
  assert.equal(many.at(-1)?.epoch, room.keys.length - 1);
});

test("every audience has its own key", () => {
  const [a, b] = [topicId(1), topicId(2)];
  const keys = [
    groupKey(keyOf("epoch 0")),
    groupKey(keyOf("epoch 1")),
    publicTopicKey(keyOf("epoch 0"), a),
    publicTopicKey(keyOf("epoch 0"), b),
    privateTopicKey(keyOf("epoch 0"), a),
  ].map(toHex);
  assert.equal(new Set(keys).size, keys.length);
});
