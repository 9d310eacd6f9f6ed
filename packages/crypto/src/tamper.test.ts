import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AttachProof,
  Attestation,
  Envelope,
  Grants,
  Hello,
  InviteOpen,
  MeshError,
  Profile,
  parse,
  Receipt,
  Topic,
} from "@claudemesh/protocol";
import { verifyAttachProof, verifyAttestation } from "./attestation.ts";
import { openDirect } from "./direct.ts";
import { verifyEnvelope } from "./envelope.ts";
import { verifyGrants } from "./grants.ts";
import { verifyHello } from "./hello.ts";
import { inviteSecret } from "./invite-code.ts";
import { verifyInviteOpen } from "./invite-proof.ts";
import { verifyProfile } from "./profile.ts";
import { verifyReceipt } from "./receipt.ts";
import { openKeyBundleRow, sealKeyBundle } from "./seal-key-bundle.ts";
import { openShared } from "./shared.ts";
import { challenge, code, host, memberOf, moment } from "./testing/fixtures.ts";
import { ann, bob as bobInRoom, keyOf, openerOf, Room } from "./testing/room.ts";
import { seededRandom } from "./testing/seeded-random.ts";
import * as valid from "./testing/statements.ts";
import { tamperings } from "./testing/tamper.ts";
import { verifyTopic } from "./topic.ts";

const [alice, bob] = [memberOf("alice"), memberOf("bob")];
const connection = { hosts: [host], challenge };
const refusals = [
  ...["malformed", "bad_signature", "wrong_host", "unauthorized"],
  ...["forbidden", "not_member"],
];

const room = new Room();
const member = room.id(bobInRoom);
const random = seededRandom("tamper");
const bundle = { roster: room.roster, key: keyOf("epoch 1"), signer: ann.signer, random };
const [row] = sealKeyBundle({ ...bundle, recipients: [member] });

/** Each row: a valid statement, and what a receiver does with untrusted input of that format. */
const formats: Record<string, readonly [statement: unknown, accept: (input: unknown) => void]> = {
  hello: [
    valid.hello(),
    (input) => verifyHello(parse(Hello, input, "hello"), { ...connection, now: moment }),
  ],
  attestation: [
    valid.attestation(),
    (input) => verifyAttestation(parse(Attestation, input, "attestation"), alice.keys.sign, moment),
  ],
  "attach proof": [
    valid.attachProof(),
    (input) =>
      verifyAttachProof(parse(AttachProof, input, "proof"), valid.attestation(), connection),
  ],
  "invite open": [
    valid.inviteOpen(),
    (input) =>
      verifyInviteOpen(parse(InviteOpen, input, "open"), inviteSecret(code).key, connection),
  ],
  grants: [
    valid.grants(),
    (input) => verifyGrants(parse(Grants, input, "grants"), alice.keys.sign),
  ],
  profile: [
    valid.profile(),
    (input) => verifyProfile(parse(Profile, input, "profile"), alice.keys.sign),
  ],
  receipt: [
    valid.receipt(),
    (input) => verifyReceipt(parse(Receipt, input, "receipt"), bob.keys.sign),
  ],
  topic: [valid.topic(), (input) => verifyTopic(parse(Topic, input, "topic"), alice.keys.sign)],
  "direct envelope": [
    valid.direct(),
    (input) => {
      const envelope = parse(Envelope, input, "envelope");
      verifyEnvelope(envelope, alice.keys.sign);
      openDirect(envelope, bob.opener);
    },
  ],
  "key bundle row": [
    row,
    (input) =>
      openKeyBundleRow(input, { roster: room.roster, member, opener: openerOf(bobInRoom) }),
  ],
  "shared envelope": [
    room.send(ann),
    (input) => {
      const envelope = parse(Envelope, input, "envelope");
      verifyEnvelope(envelope, ann.keys.sign);
      openShared(envelope, room.ring());
    },
  ],
  "void envelope": [
    valid.voided(),
    (input) => {
      verifyEnvelope(parse(Envelope, input, "envelope"), alice.keys.sign);
    },
  ],
};

for (const [format, [statement, accept]] of Object.entries(formats)) {
  test(`every change of one place of a ${format} is refused`, () => {
    accept(statement);
    let tried = 0;
    for (const { name, value } of tamperings(statement)) {
      tried++;
      assert.throws(
        () => accept(value),
        (error) => error instanceof MeshError && refusals.includes(error.code),
        name,
      );
    }
    assert.ok(tried > 3 * Object.keys(statement as object).length, `${tried} changes`);
  });
}

test("the helper reaches every leaf, field and list", () => {
  const names = [...tamperings({ a: "xy", b: { c: 1 }, d: [true] })].map(({ name }) => name);
  assert.deepEqual(
    [...new Set(names)].sort(),
    [
      ...["added .extra", "added b.extra", "changed a", "changed b.c", "changed d.0"],
      ...["lengthened d", "removed a", "removed b", "removed b.c", "removed d", "shortened d"],
    ].sort(),
  );
});
