import { domains, statementBytes } from "../domain.ts";
import { fromUtf8, toHex, utf8 } from "../encoding.ts";
import { hkdf } from "../hkdf.ts";
import { sodium } from "../sodium.ts";
import { mesh, moment } from "../testing/fixtures.ts";
import { seededRandom } from "../testing/seeded-random.ts";

const secret = seededRandom("nodes of one database")(32);
const sender = seededRandom("a node's process")(16);

const bigEndian = (n: number): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(n));
  return bytes;
};

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** What nodes of one database tell each other, sealed here by libsodium. */
export function signalVectors() {
  const keyOf = (from: Uint8Array) =>
    hkdf({ secret, salt: utf8(domains.bus), info: utf8(`seal ${toHex(from)}`) });
  const key = keyOf(sender);
  const of = (name: string, subject: string, payload: string, count: number) => {
    const nonce = joined(new Uint8Array(4), bigEndian(count));
    const associated = statementBytes(domains.bus, { subject });
    const text = joined(bigEndian(moment), utf8(payload));
    const sealed = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
      text,
      associated,
      null,
      nonce,
      key,
    );
    return {
      ...{ name, subject, payload, count, at: moment },
      ...{ nonceHex: toHex(nonce), associatedText: fromUtf8(associated), textHex: toHex(text) },
      sealedHex: toHex(joined(Uint8Array.of(1), sender, bigEndian(count), sealed)),
    };
  };
  const head = of("of a mesh's log", `${mesh}.head`, '{"a":"ä🦊"}', 1);
  const wake = of("without a payload", "nodes.order", "", 2);
  const changed = (at: number) =>
    `${head.sealedHex.slice(0, at)}${head.sealedHex[at] === "0" ? "1" : "0"}${head.sealedHex.slice(at + 1)}`;
  const failure = (name: string, sealedHex: string, subject = head.subject) => ({
    ...{ name, subject, sealedHex, error: "bad_signature" as const },
  });
  return {
    format: "signal",
    secretHex: toHex(secret),
    senderHex: toHex(sender),
    keyHex: toHex(key),
    subjectsName: toHex(
      hkdf({ secret, salt: utf8(domains.bus), info: utf8("subjects"), length: 16 }),
    ),
    cases: [head, wake],
    failures: [
      failure("told to another subject", head.sealedHex, `${mesh}.peer`),
      failure("of another form", `02${head.sealedHex.slice(2)}`),
      failure("another sender's name", changed(2)),
      failure("another count", changed(2 * 24 + 1)),
      failure("a changed byte", changed(2 * 30)),
      failure("cut short", head.sealedHex.slice(0, -2)),
      failure("shorter than its head", head.sealedHex.slice(0, 60)),
      failure("nothing", ""),
    ],
  };
}
