import assert from "node:assert/strict";
import { test } from "node:test";
import {
  asSealed,
  ciphertextOf,
  Envelope,
  type EnvelopeHeader,
  limits,
  type MessageBody,
} from "@claudemesh/protocol";
import fc from "fast-check";
import { openDirect, sealDirect, voidEnvelope } from "./direct.ts";
import { domains, hashBytes, hashStatement } from "./domain.ts";
import { fromBase64, toBase64, utf8 } from "./encoding.ts";
import {
  envelopeDigest,
  headerHash,
  headerText,
  signEnvelope,
  verifyEnvelope,
} from "./envelope.ts";
import { type JsonValue, jcs } from "./jcs.ts";
import { sealTo } from "./opener.ts";
import { fullHeader, memberOf, plainHeader } from "./testing/fixtures.ts";
import { mustFail } from "./testing/must-fail.ts";
import { seededRandom } from "./testing/seeded-random.ts";
import { direct, message } from "./testing/statements.ts";

const [alice, bob, eve] = [memberOf("alice"), memberOf("bob"), memberOf("eve")];
const random = seededRandom("direct");

const seal = (header: EnvelopeHeader, body: MessageBody) =>
  sealDirect({ header, body, to: bob.keys.seal, signer: alice.signer, random });

test("any message round-trips, is valid on the wire, and opens for nobody else", () => {
  const body = fc.record(
    { text: fc.string({ unit: "grapheme", maxLength: 500 }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(body, fc.constantFrom("direct" as const, "probe" as const), (given, kind) => {
      const envelope = seal({ ...plainHeader(), kind }, given);
      assert.deepEqual(Envelope.parse(envelope), envelope);
      verifyEnvelope(envelope, alice.keys.sign);
      assert.deepEqual(openDirect(envelope, bob.opener), given);
      mustFail("bad_signature", () => openDirect(envelope, eve.opener));
    }),
    { numRuns: 40 },
  );
});

test("the digest is the hash of the signed statement, by either way", () => {
  const envelope = direct();
  const ciphertext = fromBase64(ciphertextOf(envelope.body));
  const statement = { header: envelope.header, body: hashBytes(ciphertext) };
  const expected = hashStatement(domains.envelope, statement as unknown as JsonValue);
  assert.equal(envelopeDigest(envelope), expected);
  assert.equal(verifyEnvelope(envelope, alice.keys.sign), expected);
});

test("another member's ciphertext signed under an own header does not open", () => {
  const stolen = direct();
  const header = { ...stolen.header, from: { member: eve.member, device: eve.device } };
  const ciphertext = fromBase64(ciphertextOf(stolen.body));
  const resigned = signEnvelope(header, headerText(header), ciphertext, eve.signer);
  verifyEnvelope(resigned, eve.keys.sign);
  const error = mustFail("bad_signature", () => openDirect(resigned, bob.opener));
  assert.match(error.message, /another header/);
});

test("each thing that can be wrong inside has its own message", () => {
  const header = fullHeader();
  const h = headerHash(headerText(header));
  const open = (inner: Uint8Array) => () => {
    const sealed = sealTo(bob.keys.seal, inner, random);
    return openDirect(signEnvelope(header, headerText(header), sealed, alice.signer), bob.opener);
  };
  const text = (inner: string) => open(utf8(inner));
  const errors = [
    mustFail("bad_signature", () => openDirect(direct(), eve.opener)),
    mustFail("malformed", text("hello")),
    mustFail("malformed", open(Uint8Array.of(0xff))),
    mustFail("malformed", text("[]")),
    mustFail("malformed", text("null")),
    mustFail("malformed", text(jcs({ body: message }))),
    mustFail("malformed", text(jcs({ h, body: message, more: 1 }))),
    mustFail("malformed", text(jcs({ h, body: { text: 1 } }))),
    mustFail("malformed", text(jcs({ h, body: { ...message, more: 1 } }))),
    mustFail("too_large", open(new Uint8Array(limits.messageBytes))),
  ].map(({ message: said }) => said);
  assert.ok(new Set(errors).size >= 8, errors.join("\n"));
});

test("a message is sealed up to the limit and refused over it", () => {
  const sealed = (length: number) => seal(plainHeader(), { text: "é".repeat(length) });
  assert.ok(ciphertextOf(sealed(32_000).body).length > 80_000);
  mustFail("too_large", () => sealed(33_000));
  mustFail("malformed", () => seal(plainHeader(), { text: "x".repeat(60_001) }));
});

test("sealing refuses the kinds that have no single recipient", () => {
  for (const kind of ["broadcast", "group", "topic", "private_topic", "void"] as const) {
    mustFail("malformed", () => seal({ ...plainHeader(), kind }, message));
  }
  mustFail("malformed", () => voidEnvelope({ header: plainHeader(), signer: alice.signer }));
});

test("a void envelope has the id and counter, no body, and a signature", () => {
  const header = { ...fullHeader(), kind: "void" as const };
  const envelope = voidEnvelope({ header, signer: alice.signer });
  assert.equal(ciphertextOf(envelope.body), "");
  verifyEnvelope(Envelope.parse(envelope), alice.keys.sign);
  mustFail("bad_signature", () => verifyEnvelope(envelope, bob.keys.sign));
});

test("a body that is not canonical base64url is refused", () => {
  const envelope = { ...direct(), body: asSealed<MessageBody>("AB") };
  mustFail("malformed", () => verifyEnvelope(envelope, alice.keys.sign));
  const swapped = { ...direct(), body: asSealed<MessageBody>(toBase64(Uint8Array.of(1))) };
  mustFail("bad_signature", () => verifyEnvelope(swapped, alice.keys.sign));
});
