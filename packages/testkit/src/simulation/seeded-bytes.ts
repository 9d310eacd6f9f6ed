import type { Seeded } from "../faults/seeded.ts";

/** Bytes in place of the system's randomness, so that keys, ids and nonces are the seed's too. For simulations only. */
export const seededBytes =
  (random: Seeded) =>
  (length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = random.below(256);
    return bytes;
  };
