import { sodium } from "./sodium.ts";

/** Gives `length` random bytes; injected so that simulations replay and vectors are stable. */
export type RandomSource = (length: number) => Uint8Array;

/** The operating system's CSPRNG, through libsodium. */
export const systemRandom: RandomSource = (length) => sodium.randombytes_buf(length);
