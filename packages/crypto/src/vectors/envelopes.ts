import { asSealed, ciphertextOf, type Envelope } from "@claudemesh/protocol";
import { canonicalStatement, domains, hashBytes, statementBytes } from "../domain.ts";
import { fromBase64, fromUtf8, toBase64, toHex, utf8 } from "../encoding.ts";
import { envelopeDigest, headerHash, headerText, signEnvelope } from "../envelope.ts";
import { type JsonValue, jcs } from "../jcs.ts";
import { sealTo } from "../opener.ts";
import * as at from "../testing/fixtures.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { direct, message, voided } from "../testing/statements.ts";

function steps(envelope: Envelope) {
  const ciphertext = fromBase64(ciphertextOf(envelope.body));
  const value = { header: envelope.header, body: hashBytes(ciphertext) } as unknown as JsonValue;
  return {
    headerHash: hashBytes(canonicalStatement(domains.envelopeHeader, jcs(headerOf(envelope)))),
    signedText: fromUtf8(statementBytes(domains.envelope, value)),
    digest: envelopeDigest(envelope),
    envelope,
  };
}

const headerOf = ({ header }: Envelope) => header as unknown as JsonValue;

/** A correctly signed envelope whose inner plaintext is `inner`. */
function withInner(inner: string): Envelope {
  const header = at.fullHeader();
  const { signer } = at.memberOf("alice");
  const sealed = sealTo(at.memberOf("bob").keys.seal, utf8(inner), seededRandom("inner"));
  return signEnvelope(header, headerText(header), sealed, signer);
}

export function envelopeVectors() {
  const alice = at.memberOf("alice");
  const bob = at.memberOf("bob");
  const eve = at.memberOf("eve");
  const valid = direct();
  const h = headerHash(headerText(valid.header));
  const stolen = { ...at.fullHeader(), from: { member: eve.member, device: eve.device } };
  const ciphertext = fromBase64(ciphertextOf(valid.body));
  const resigned = signEnvelope(stolen, headerText(stolen), ciphertext, eve.signer);
  const replaced = { ...valid, body: asSealed<never>(toBase64(new Uint8Array(16))) };
  return {
    format: "envelope",
    senderKey: alice.keys.sign,
    recipientSeedHex: toHex(bob.seed),
    recipientScope: { mesh: at.mesh },
    recipientKey: bob.keys.seal,
    cases: [
      {
        name: "direct",
        body: message,
        ephemeralSecretHex: toHex(seededRandom("envelope")(32)),
        innerText: jcs({ h, body: message }),
        ...steps(valid),
      },
      { name: "void", ...steps(voided()) },
    ],
    failures: [
      {
        ...{ name: "header changed", key: alice.keys.sign, error: "bad_signature" },
        envelope: { ...valid, header: { ...valid.header, n: 4 } },
      },
      { name: "body replaced", key: alice.keys.sign, error: "bad_signature", envelope: replaced },
      {
        ...{ name: "another's ciphertext under an own header", key: eve.keys.sign },
        ...{ error: "bad_signature", envelope: resigned },
      },
      {
        ...{ name: "inside is not JSON", key: alice.keys.sign, error: "malformed" },
        envelope: withInner("hello"),
      },
      {
        ...{ name: "inside is no message", key: alice.keys.sign, error: "malformed" },
        envelope: withInner(jcs({ h, body: { txt: "hello" } })),
      },
    ],
  };
}
