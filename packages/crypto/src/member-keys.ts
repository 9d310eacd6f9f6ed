import { type MemberKeys, MeshError, type MeshId } from "@claudemesh/protocol";
import { domains } from "./domain.ts";
import { fromBase64, utf8 } from "./encoding.ts";
import { hkdf } from "./hkdf.ts";
import { jcs } from "./jcs.ts";
import { Opener } from "./opener.ts";
import type { RandomSource } from "./random.ts";
import { Signer } from "./signature.ts";

const seedBytes = 32;

/** What a member's keys are bound to: the mesh, or for its founder, whose keys are inside the genesis, the genesis nonce. */
export type MemberScope = { readonly mesh: MeshId } | { readonly genesisNonce: string };

/** A member's secrets in one mesh, and the public keys that belong to them. */
export interface MemberSecret {
  readonly signer: Signer;
  readonly opener: Opener;
  readonly keys: MemberKeys;
}

/** Draws a person's identity seed: 32 bytes that never leave a device unsealed. */
export const createIdentitySeed = (random: RandomSource): Uint8Array => random(seedBytes);

/**
 * A member's keys from the identity seed, by HKDF (RFC 5869) with use, generation and scope as canonical JSON in its info.
 * Throws `malformed` on a seed or nonce that is not 32 bytes and on a generation below 0.
 */
export function deriveMember(
  seed: Uint8Array,
  scope: MemberScope,
  generation: number,
): MemberSecret {
  if (seed.length !== seedBytes) {
    throw new MeshError("malformed", `identity seed: expected ${seedBytes} bytes`);
  }
  if (!Number.isSafeInteger(generation) || generation < 0) {
    throw new MeshError("malformed", "generation: expected a whole number from 0");
  }
  const place = scopeOf(scope);
  const derive = (use: "sign" | "seal") =>
    hkdf({
      secret: seed,
      salt: utf8(domains.member),
      info: utf8(jcs({ use, generation, ...place })),
    });
  const signer = new Signer(derive("sign"));
  const opener = new Opener(derive("seal"));
  return { signer, opener, keys: { sign: signer.key, seal: opener.key } };
}

function scopeOf(scope: MemberScope): { mesh: string } | { genesisNonce: string } {
  if ("mesh" in scope) return { mesh: scope.mesh };
  if (fromBase64(scope.genesisNonce, "genesis nonce").length !== 32) {
    throw new MeshError("malformed", "genesis nonce: expected 32 bytes");
  }
  return { genesisNonce: scope.genesisNonce };
}
