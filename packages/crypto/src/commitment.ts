import { type Hash, MeshError, type MeshId } from "@claudemesh/protocol";
import { domains, hashStatement } from "./domain.ts";
import { fromBase64, toBase64 } from "./encoding.ts";
import type { RandomSource } from "./random.ts";

const keyBytes = 32;

/** Draws a mesh key: 32 bytes as unpadded base64url, as key rings carry it. */
export const createMeshKey = (random: RandomSource): string => toBase64(random(keyBytes));

/** The commitment to a key that the roster carries; `mesh` is `""` for the key of a genesis, whose mesh has no id yet. Throws `malformed` unless the key is 32 bytes. */
export function keyCommitment(mesh: MeshId | "", key: string): Hash {
  if (fromBase64(key, "mesh key").length !== keyBytes) {
    throw new MeshError("malformed", `mesh key: expected ${keyBytes} bytes`);
  }
  return hashStatement(domains.keyCommitment, { mesh, key });
}
