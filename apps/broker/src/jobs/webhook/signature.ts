import { hmacSha256, macEquals, toHex, utf8 } from "@claudemesh/crypto/verify";
import { limits } from "@claudemesh/protocol";

/** What a signed post bears, as HTTP gives it. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const ownHeader = "x-claudemesh-signature";
const githubHeader = "x-hub-signature-256";
const hexDigits = 64;

/**
 * Whether a post was signed with the secret: `t=<seconds>,v1=<hex>` over `<seconds>.<body>`, not older or newer than the window, or, as GitHub does it,
 * `sha256=<hex>` over the body. Answers the signature, by which a repeat is known; undefined where it is not signed so. A wrong one takes as long as a right one.
 */
export function signatureOf(
  headers: Headers,
  body: Uint8Array,
  secret: string,
  now: number,
): string | undefined {
  const key = utf8(secret);
  const own = textOf(headers[ownHeader]);
  if (own !== undefined) {
    const [, seconds = "0", said = ""] = /^t=(\d{1,12}),\s*v1=([0-9a-f]{64})$/i.exec(own) ?? [];
    const isRight = isSame(hmacSha256(key, utf8(`${seconds}.`), body), said);
    const isNow = Math.abs(Number(seconds) * 1_000 - now) <= limits.webhookWindowMs;
    return isRight && isNow ? said.toLowerCase() : undefined;
  }
  const [, said = ""] = /^sha256=([0-9a-f]{64})$/i.exec(textOf(headers[githubHeader]) ?? "") ?? [];
  return isSame(hmacSha256(key, body), said) ? said.toLowerCase() : undefined;
}

const textOf = (value: Headers[string]): string | undefined =>
  typeof value === "string" ? value : undefined;

/** What is missing is compared like what is wrong. */
const isSame = (right: Uint8Array, said: string): boolean =>
  macEquals(toHex(right), said.toLowerCase().padEnd(hexDigits, "-"));
