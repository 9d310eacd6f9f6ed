import { MeshError } from "@claudemesh/protocol";

/** transfers of one member, and of all, that go on at a time */
const most = { member: 8, all: 256 } as const;

/** Bounds how many transfers go on at once. */
export class TransfersUnderWay {
  readonly #of = new Map<string, number>();
  #all = 0;

  /** Counts one in; answers how to count it out. Throws `rate_limited`. */
  begin(who: string): () => void {
    const own = this.#of.get(who) ?? 0;
    if (own >= most.member || this.#all >= most.all) {
      throw new MeshError("rate_limited", "too many transfers of files go on at once", {
        retryAfterMs: 1_000,
      });
    }
    this.#of.set(who, own + 1);
    this.#all += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#all -= 1;
      const left = (this.#of.get(who) ?? 1) - 1;
      if (left > 0) this.#of.set(who, left);
      else this.#of.delete(who);
    };
  }
}
