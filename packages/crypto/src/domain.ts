import type { Hash } from "@claudemesh/protocol";
import type { Domain } from "./domains.ts";
import { toHex, utf8 } from "./encoding.ts";
import { type JsonValue, jcs } from "./jcs.ts";
import { sodium } from "./sodium.ts";

export { type Domain, domains } from "./domains.ts";

declare const separated: unique symbol;

/** Bytes that begin with their domain; the only thing that a `Signer` signs. */
export type StatementBytes = Uint8Array & { readonly [separated]: true };

/** The statement of a text that is canonical JSON already, for callers that need its parts more than once. */
export const canonicalStatement = (domain: Domain, canonical: string): StatementBytes =>
  utf8(`${domain}\n${canonical}`) as StatementBytes;

/** What is signed or hashed for a purpose: `"<domain>\n" + JCS(value)` as UTF-8. */
export const statementBytes = (domain: Domain, value: JsonValue): StatementBytes =>
  canonicalStatement(domain, jcs(value));

/** SHA-256 (FIPS 180-4) of bytes. */
export const sha256 = (bytes: Uint8Array): Uint8Array => sodium.crypto_hash_sha256(bytes);

/** SHA-256 of bytes, as lower-case hex. */
export const hashBytes = (bytes: Uint8Array): Hash => toHex(sha256(bytes)) as Hash;

/** The domain-separated SHA-256 of a value, as hex. */
export const hashStatement = (domain: Domain, value: JsonValue): Hash =>
  hashBytes(statementBytes(domain, value));
