import { type Hello, limits, MeshError } from "@claudemesh/protocol";
import { type Connection, requireBoundTo } from "./connection-binding.ts";
import { domains } from "./domain.ts";
import { requireSigned, type Signer, signStatement } from "./signature.ts";

export type HelloFields = Omit<Hello, "v" | "key" | "sig">;

/** Signs a hello with the member key, which becomes its `key`. */
export const signHello = (fields: HelloFields, signer: Signer): Hello =>
  signStatement(domains.hello, { v: 1 as const, ...fields, key: signer.key }, signer);

export interface HelloCheck extends Connection {
  /** the broker's clock, ms */
  readonly now: number;
  /** largest clock difference accepted, `limits.clockSkewMs` when left out */
  readonly skewMs?: number;
}

/**
 * Checks that a hello was made for this connection, now, by its `key`; that the key is the member's is the caller's to look up. Throws `wrong_host`,
 * `unauthorized` for a foreign challenge, `bad_signature`, and `clock_skew` with `serverTime` in its detail.
 */
export function verifyHello(hello: Hello, check: HelloCheck): void {
  requireBoundTo(hello, check, "hello");
  requireSigned(domains.hello, hello, hello.key, "hello");
  const skew = Math.abs(hello.at - check.now);
  if (skew > (check.skewMs ?? limits.clockSkewMs)) {
    throw new MeshError(
      "clock_skew",
      `the clock differs from the broker's by ${Math.round(skew / 1000)} seconds`,
      { detail: { serverTime: check.now } },
    );
  }
}
