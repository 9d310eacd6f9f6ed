import { type Hash, MeshError, type Profile, type SignKey } from "@claudemesh/protocol";
import { domains, hashStatement } from "./domain.ts";
import type { JsonValue } from "./jcs.ts";
import { requireSigned, type Signer, signStatement, unsigned } from "./signature.ts";

export type ProfileStatement = Omit<Profile, "v" | "author" | "sig">;

/** Signs a profile; `author` becomes the signer's key. */
export const signProfile = (statement: ProfileStatement, signer: Signer): Profile =>
  signStatement(domains.profile, { v: 1 as const, ...statement, author: signer.key }, signer);

/** Throws `bad_signature` unless `key`, which the caller takes from the roster, is the author and signed the profile. */
export function verifyProfile(profile: Profile, key: SignKey): void {
  if (profile.author !== key) {
    throw new MeshError("bad_signature", "author: the profile is signed by another key");
  }
  requireSigned(domains.profile, profile, key, "profile");
}

/** The hash of a profile without its signature; decides between two of one version. */
export const profileHash = (profile: Profile): Hash =>
  hashStatement(domains.profile, unsigned(profile) as unknown as JsonValue);

/** Of two verified profiles of one member the one that holds: the highest version, on a tie the smaller hash. */
export function newerProfile(a: Profile, b: Profile): Profile {
  if (a.version !== b.version) return a.version > b.version ? a : b;
  return profileHash(a) <= profileHash(b) ? a : b;
}
