import { ciphertextOf, type EnvelopeHeader } from "@claudemesh/protocol";
import { domains, statementBytes } from "../domain.ts";
import { fromBase64, fromUtf8, toHex } from "../encoding.ts";
import { headerHash, headerText, signEnvelope } from "../envelope.ts";
import { type JsonValue, jcs } from "../jcs.ts";
import { seedOf, topicId } from "../roster/fixture.ts";
import { sealKeyBundle } from "../seal-key-bundle.ts";
import { sharedKey } from "../shared-key.ts";
import { signStatement, unsigned } from "../signature.ts";
import { ann, bob, cyd, keyOf, Room, text } from "../testing/room.ts";
import { seededRandom } from "../testing/seeded-random.ts";

type To = EnvelopeHeader["to"];

/** The chain that the vectors of rooms stand on. */
const chainOf = (room: Room) => ({ mesh: room.roster.mesh, chain: [...room.chain.entries] });

export function keyBundleVectors() {
  const room = new Room();
  const { roster } = room;
  const recipient = room.id(bob);
  const seal = (key: string, label: string) => {
    const [row] = sealKeyBundle({
      ...{ roster, key, signer: ann.signer, recipients: [recipient] },
      random: seededRandom(`bundle/${label}`),
    });
    if (row === undefined) throw new Error("one recipient, one row");
    return row;
  };
  const of = (name: string, label: string, opened: object) => {
    const row = seal(keyOf(label), label);
    const covered = unsigned(row) as unknown as JsonValue;
    const ephemeralSecretHex = toHex(seededRandom(`bundle/${label}`)(32));
    const signedText = fromUtf8(statementBytes(domains.keyBundle, covered));
    return { name, ephemeralSecretHex, signedText, row, opened: { ...opened, key: keyOf(label) } };
  };
  const { sig: _sig, ...fields } = seal(keyOf("epoch 1"), "epoch 1");
  const resigned = (change: object, by = ann) =>
    signStatement(domains.keyBundle, { ...fields, ...change, author: by.signer.key }, by.signer);
  const uncommitted = seal(keyOf("epoch 9"), "epoch 9");
  const wrongKey = resigned({ sealed: uncommitted.sealed });
  return {
    format: "key-bundle",
    ...chainOf(room),
    recipient,
    recipientSealSecretHex: toHex(seedOf(1)),
    cases: [
      of("the key of genesis", "epoch 0", { epoch: 0 }),
      of("a later epoch", "epoch 1", { epoch: 1 }),
      of("a private topic", "topic 1", { topic: topicId(1), version: 1 }),
    ],
    failures: [
      {
        name: "recipient changed",
        row: { ...resigned({}), recipient: room.id(cyd) },
        error: "forbidden",
      },
      {
        name: "signature of another row",
        row: { ...wrongKey, sealed: fields.sealed },
        error: "bad_signature",
      },
      { name: "another key than committed to", row: wrongKey, error: "bad_signature" },
      { name: "a key that the roster does not have", row: uncommitted, error: "not_found" },
    ],
  };
}

export function keyRingVectors() {
  const room = new Room();
  const ring = room.ring().serialize();
  const [k0, k1] = [keyOf("epoch 0"), keyOf("epoch 1")];
  const audiences = [
    { kind: "broadcast", to: "*", keyVersion: 1 },
    { kind: "group", to: "g:ops", keyVersion: 0 },
    { kind: "topic", to: `t:${topicId(2)}`, keyVersion: 1 },
    { kind: "private_topic", to: `t:${topicId(1)}`, keyVersion: 1 },
  ] as const;
  return {
    format: "key-ring",
    ...chainOf(room),
    cases: [
      {
        name: "two epochs and a topic key",
        ring,
        derived: audiences.map(({ to, ...audience }) => {
          const header = { ...audience, to: to as To };
          const key = sharedKey(header, room.ring());
          if (key === undefined) throw new Error(`no key for ${to}`);
          return { ...header, keyHex: toHex(key) };
        }),
        welcome: {
          all: [
            { epoch: 0, key: k0 },
            { epoch: 1, key: k1 },
          ],
          none: [{ epoch: 1, key: k1 }],
        },
      },
    ],
    failures: [
      { name: "keys exchanged", ring: ring.replace(k0, k1), error: "bad_signature" },
      {
        name: "of another mesh",
        ring: ring.replace(room.roster.mesh, `mesh_${"0".repeat(64)}`),
        error: "malformed",
      },
      { name: "not JSON", ring: ring.slice(1), error: "malformed" },
    ],
  };
}

export function sharedEnvelopeVectors() {
  const room = new Room();
  const nonceHex = toHex(seededRandom("room/nonce")(24));
  const of = (name: string, by: typeof ann, header: EnvelopeHeader) => {
    const h = headerHash(headerText(header));
    const key = sharedKey(header, room.ring());
    return {
      ...{ name, nonceHex, keyHex: toHex(key ?? new Uint8Array()), associatedText: h },
      ...{ innerText: jcs({ h, body: text }), body: text, envelope: room.send(by, header) },
    };
  };
  const post = room.send(bob, room.topicHeader(bob));
  const copied = room.topicHeader(cyd);
  const stolen = fromBase64(ciphertextOf(post.body));
  const old = room.header(ann, { keyVersion: 0 });
  return {
    format: "shared-envelope",
    ...chainOf(room),
    receiver: {
      member: room.id(cyd),
      sealSecretHex: toHex(seedOf(2)),
      ring: room.ring().serialize(),
    },
    cases: [
      of("broadcast", ann, room.header(ann)),
      of("group", ann, room.header(ann, { kind: "group", to: "g:ops/night" as To })),
      of("public topic", ann, room.header(ann, { kind: "topic", to: `t:${topicId(2)}` as To })),
      of("private topic", bob, room.topicHeader(bob)),
    ],
    failures: [
      {
        name: "header changed",
        envelope: { ...post, header: { ...post.header, n: 7 } },
        error: "bad_signature",
      },
      {
        name: "another's ciphertext under an own header",
        envelope: signEnvelope(copied, headerText(copied), stolen, cyd.signer),
        error: "bad_signature",
      },
      {
        name: "an epoch that is not the newest",
        envelope: room.send(ann, old),
        error: "roster_stale",
      },
      {
        name: "by one outside the topic",
        envelope: room.send(ann, room.topicHeader(ann)),
        error: "forbidden",
      },
    ],
  };
}
