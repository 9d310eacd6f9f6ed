/** Gives `length` random bytes; injected so that simulations replay and vectors are stable. */
export type RandomSource = (length: number) => Uint8Array;

/** What one question may ask for (W3C Web Cryptography, section 10.1.1). */
const mostAtOnce = 65_536;

/** The operating system's CSPRNG, which libsodium's own asks for four bytes at a time: 16 of them cost it thirty times as much. */
export const systemRandom: RandomSource = (length) => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += mostAtOnce) {
    crypto.getRandomValues(bytes.subarray(at, at + mostAtOnce));
  }
  return bytes;
};
