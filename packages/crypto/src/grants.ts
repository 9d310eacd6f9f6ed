import { type Grants, type Hash, MeshError, type SignKey } from "@claudemesh/protocol";
import { domains, hashStatement } from "./domain.ts";
import type { JsonValue } from "./jcs.ts";
import { requireSigned, type Signer, signStatement, unsigned } from "./signature.ts";

export type GrantsStatement = Omit<Grants, "v" | "author" | "sig">;

/** Signs what others may do; `author` becomes the signer's key. */
export const signGrants = (statement: GrantsStatement, signer: Signer): Grants =>
  signStatement(domains.grants, { v: 1 as const, ...statement, author: signer.key }, signer);

/** Throws `bad_signature` unless `key`, which the caller takes from the roster, is the author and signed it. */
export function verifyGrants(grants: Grants, key: SignKey): void {
  if (grants.author !== key) {
    throw new MeshError("bad_signature", "author: the grants are signed by another key");
  }
  requireSigned(domains.grants, grants, key, "grants");
}

/** The hash of the statement without its signature. */
export const grantsHash = (grants: Grants): Hash =>
  hashStatement(domains.grants, unsigned(grants) as unknown as JsonValue);
