import assert from "node:assert/strict";
import { test } from "node:test";
import {
  asSealed,
  audienceOf,
  type EnvelopeHeader,
  type MeshError,
  type MessageBody,
} from "@claudemesh/protocol";
import { sealDirect, voidEnvelope } from "./direct.ts";
import { fromBase64 } from "./encoding.ts";
import { envelopeDigest, headerText, signEnvelope } from "./envelope.ts";
import { KeyRing } from "./key-ring.ts";
import { receiveEnvelope, type SharedReceiver } from "./receive.ts";
import { person, topicId } from "./roster/fixture.ts";
import { openShared } from "./shared.ts";
import { mustFail } from "./testing/must-fail.ts";
import { ann, bob, cyd, dan, Room, text } from "./testing/room.ts";
import { seededRandom } from "./testing/seeded-random.ts";

type To = EnvelopeHeader["to"];
const publicTopic = { kind: "topic", to: `t:${topicId(2)}` as To } as const;
const ciphertextOf = ({ body }: { body: unknown }) => fromBase64(body as string);

test("each kind opens for everyone with the key", () => {
  const room = new Room();
  const headers = [
    room.header(ann),
    room.header(ann, { kind: "group", to: "g:ops/night" as To }),
    room.header(ann, publicTopic),
  ];
  for (const header of headers) {
    const envelope = room.send(ann, header);
    const digest = envelopeDigest(envelope);
    const expected = { result: "opened", header, body: text, digest };
    assert.deepEqual(receiveEnvelope(envelope, room.receiver(cyd)), expected, header.kind);
  }
  const post = room.send(cyd, room.topicHeader(cyd));
  assert.equal(receiveEnvelope(post, room.receiver(dan)).result, "opened");
  assert.deepEqual(openShared(post, room.ring()), text);
});

test("a void to many is known as such, a direct message opens as ever", () => {
  const room = new Room();
  const header = room.header(ann, { kind: "void" });
  const gone = voidEnvelope({ header, signer: ann.signer });
  assert.equal(receiveEnvelope(gone, room.receiver(bob)).result, "void");
  const direct = room.header(ann, { kind: "direct", to: audienceOf(room.id(bob)) });
  const random = seededRandom("direct");
  const sealed = { header: direct, body: text, to: bob.keys.seal, signer: ann.signer, random };
  assert.equal(receiveEnvelope(sealDirect(sealed), room.receiver(bob)).result, "opened");
});

test("without the key a message waits for it, verified", () => {
  const room = new Room();
  const envelope = room.send(ann);
  const late = KeyRing.of(room.roster, [{ epoch: 0, key: room.keys[0] as string }]);
  const received = receiveEnvelope(envelope, room.receiver(bob, { ring: late }));
  const { header } = envelope;
  const digest = envelopeDigest(envelope);
  assert.deepEqual(received, { result: "awaiting_key", header, digest, keyVersion: 1 });
  const post = room.send(bob, room.topicHeader(bob));
  const without = room.receiver(cyd, { ring: room.ring(false) });
  assert.equal(receiveEnvelope(post, without).result, "awaiting_key");
  const forged = { ...post, sig: envelope.sig };
  mustFail("bad_signature", () => receiveEnvelope(forged, without));
});

test("the key must be the newest at the claimed head, and the head new enough for its place in the log", () => {
  const room = new Room();
  const old = room.send(ann);
  const before = room.roster.head.seq;
  const stale = room.header(ann, { keyVersion: 0 });
  mustFail("roster_stale", () => receiveEnvelope(room.send(ann, stale), room.receiver(bob)));
  room.chain.add(ann, "epoch", room.nextEpoch());
  mustFail("roster_stale", () => receiveEnvelope(old, room.receiver(bob)));
  const inPlace = room.receiver(bob, { place: before });
  assert.equal(receiveEnvelope(old, inPlace).result, "opened");
  assert.equal(receiveEnvelope(old, room.receiver(bob, { seqAllowed: before })).result, "opened");
  const served = room.header(ann, { keyVersion: 1 });
  const error = mustFail("roster_stale", () =>
    receiveEnvelope(room.send(ann, served), room.receiver(bob)),
  );
  assert.match(error.message, /under key 1, but at entry \d+ the newest is 2/);
});

test("a removal or a new key in a private topic makes older posts to it stale, and no others", () => {
  const room = new Room();
  const [post, shout] = [room.send(bob, room.topicHeader(bob)), room.send(bob)];
  const before = room.roster.head.seq;
  room.chain.topicRemove(bob, 1, dan);
  mustFail("roster_stale", () => receiveEnvelope(post, room.receiver(cyd)));
  assert.equal(receiveEnvelope(post, room.receiver(cyd, { place: before })).result, "opened");
  assert.equal(receiveEnvelope(shout, room.receiver(cyd)).result, "opened");
  const due = mustFail("roster_stale", () =>
    receiveEnvelope(room.send(bob, room.topicHeader(bob)), room.receiver(cyd)),
  );
  assert.match(due.message, /in it no more/);
  room.chain.add(cyd, "topic_key", room.nextTopicKey());
  const fresh = room.send(bob, room.topicHeader(bob));
  assert.equal(receiveEnvelope(fresh, room.receiver(cyd)).result, "opened");
  mustFail("forbidden", () => receiveEnvelope(fresh, room.receiver(dan)));
});

test("one who knows a topic's key can neither write as another nor copy a post elsewhere", () => {
  const room = new Room();
  const post = room.send(bob, room.topicHeader(bob));
  const receive = (input: unknown) => () => receiveEnvelope(input, room.receiver(cyd));
  const asBob = room.topicHeader(bob, { n: 2 });
  const forged = room.send(cyd, asBob);
  mustFail("bad_signature", receive(forged));
  const copies: [typeof bob, Partial<EnvelopeHeader>][] = [
    [cyd, {}],
    [bob, { n: 9 }],
    [bob, { replyTo: post.header.id }],
  ];
  for (const [by, change] of copies) {
    const header = { ...room.topicHeader(by), ...change };
    const copied = signEnvelope(header, headerText(header), ciphertextOf(post), by.signer);
    mustFail("bad_signature", receive(copied));
  }
  const first = room.send(bob, room.header(bob, publicTopic));
  const header = room.header(bob, { ...publicTopic, to: `t:${topicId(3)}` as To });
  const moved = signEnvelope(header, headerText(header), ciphertextOf(first), bob.signer);
  mustFail("bad_signature", receive(moved));
});

test("after removal by another, or a rekey, what came later than that entry has no provable time", () => {
  for (const end of ["removed", "rekeyed"] as const) {
    const room = new Room();
    const direct = sealDirect({
      header: room.header(cyd, { kind: "direct", to: audienceOf(room.id(bob)) }),
      ...{ body: text, to: bob.keys.seal, signer: cyd.signer, random: seededRandom("old") },
    });
    const place = room.roster.head.seq;
    const shared = room.send(cyd);
    const { seq } = end === "removed" ? room.chain.remove(ann, cyd) : rekey(room);
    for (const envelope of [direct, shared]) {
      const late = receiveEnvelope(envelope, room.receiver(bob, { place }));
      assert.equal(late.result, "time_not_provable");
      assert.deepEqual(late.result === "time_not_provable" && late.end, { seq, why: end });
      const known = room.receiver(bob, { place, seen: place });
      assert.equal(receiveEnvelope(envelope, known).result, "opened");
    }
  }
});

const rekey = (room: Room) => room.chain.rekey(cyd, cyd, person(40));

test("what one sent before leaving by itself stays normal", () => {
  const room = new Room();
  const envelope = room.send(cyd);
  room.chain.add(cyd, "remove", { member: room.id(cyd) });
  assert.equal(receiveEnvelope(envelope, room.receiver(bob)).result, "opened");
});

test("each refusal has its own code or message", () => {
  const room = new Room();
  const receive =
    (input: unknown, as: SharedReceiver = room.receiver(cyd)) =>
    () =>
      receiveEnvelope(input, as);
  const send = (from: typeof ann, header: EnvelopeHeader) => room.send(from, header);
  const unsealed = (header: EnvelopeHeader) =>
    signEnvelope(header, headerText(header), new Uint8Array(60), ann.signer);
  const { keyVersion: _none, ...bare } = room.header(ann);
  const leaked = { ...publicTopic, to: `t:${topicId(1)}` as To };
  const unknownTopic = room.topicHeader(ann, { to: `t:${topicId(7)}` as To });
  const refusals: MeshError[] = [
    mustFail("malformed", receive(unsealed(room.header(ann, { kind: "group" })))),
    mustFail("malformed", receive(unsealed(room.header(ann, { to: "g:ops" as To })))),
    mustFail("malformed", receive(unsealed(room.header(ann, { kind: "topic" })))),
    mustFail("malformed", receive(unsealed(room.header(ann, { kind: "private_topic" })))),
    mustFail("malformed", receive(unsealed(bare))),
    mustFail("forbidden", receive(send(bob, room.header(bob, leaked)))),
    mustFail("forbidden", receive(unsealed(unknownTopic))),
    mustFail("forbidden", receive(send(dan, room.topicHeader(dan)))),
    mustFail("forbidden", receive(send(bob, room.topicHeader(bob)), room.receiver(ann))),
    mustFail("roster_stale", receive(unsealed(room.header(ann, { keyVersion: 7 })))),
    mustFail("bad_signature", receive(unsealed(room.header(ann)))),
    mustFail("bad_signature", receive({ ...room.send(ann), body: asSealed<MessageBody>("AAAA") })),
  ];
  assert.equal(new Set(refusals.map((error) => error.message)).size, refusals.length);
});

test("a receiver without a ring is told to upgrade", () => {
  const room = new Room();
  const { ring: _ring, ...plain } = room.receiver(bob);
  const to = audienceOf(room.id(bob));
  const header = room.header(ann, { kind: "group", to });
  const odd = signEnvelope(header, headerText(header), new Uint8Array(60), ann.signer);
  mustFail("upgrade_required", () => receiveEnvelope(odd, plain));
});
