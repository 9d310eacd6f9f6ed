import { sha256 } from "../domain.ts";
import { utf8 } from "../encoding.ts";
import type { RandomSource } from "../random.ts";

/** A repeatable byte stream: SHA-256 of `<label>/<counter>`, block after block. For tests and vectors only. */
export function seededRandom(label: string): RandomSource {
  let counter = 0;
  let pool: number[] = [];
  return (length) => {
    while (pool.length < length) pool.push(...sha256(utf8(`${label}/${counter++}`)));
    const drawn = Uint8Array.from(pool.slice(0, length));
    pool = pool.slice(length);
    return drawn;
  };
}
