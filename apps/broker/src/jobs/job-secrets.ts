import { AtRestBox } from "@claudemesh/crypto/at-rest";
import { fromUtf8, type RandomSource, utf8 } from "@claudemesh/crypto/verify";
import type { JobId } from "@claudemesh/protocol";

/** Seals what jobs keep that may not lie open: under the operator's key where there is one, else under one of the broker's own. */
export class JobSecrets {
  readonly #boxes: readonly [AtRestBox, ...AtRestBox[]];

  constructor(
    keys: { readonly operator: Uint8Array | undefined; readonly own: Uint8Array },
    random: RandomSource,
  ) {
    const own = new AtRestBox(keys.own, random);
    this.#boxes = keys.operator === undefined ? [own] : [new AtRestBox(keys.operator, random), own];
  }

  seal(job: JobId, text: string): string {
    return this.#boxes[0].seal(useOf(job), utf8(text));
  }

  /** What was sealed before the operator gave a key opens as well. Throws `bad_signature`. */
  open(job: JobId, sealed: string): string {
    const [first, ...others] = this.#boxes;
    for (const box of [first, ...others]) {
      try {
        return fromUtf8(box.open(useOf(job), sealed));
      } catch (error) {
        if (box === (others.at(-1) ?? first)) throw error;
      }
    }
    return "";
  }
}

const useOf = (job: JobId): string => `job secret ${job}`;
