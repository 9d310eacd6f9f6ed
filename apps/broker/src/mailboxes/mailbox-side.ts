import { limits, MeshError } from "@claudemesh/protocol";
import type { Timer } from "../timer.ts";

/** Two sides that leave each other parts. */
export interface Mailbox {
  readonly code: string;
  /** who opened it */
  readonly address: string;
  readonly expiresAt: number;
  readonly cancel: () => void;
  readonly sides: MailboxSide[];
}

type Over = "cancelled" | "expired";

const sentences: Record<Over, string> = {
  cancelled: "the link was ended at the other device",
  expired: "the link took too long",
};

/** One side of a mailbox: what it has left that the other has not let go yet. */
export class MailboxSide {
  readonly box: Mailbox;
  readonly #timer: Timer;
  readonly #parts = new Map<number, string>();
  #next = 0;
  #over: Over | undefined;
  #waiting: (() => void) | undefined;

  constructor(box: Mailbox, timer: Timer) {
    this.box = box;
    this.#timer = timer;
  }

  /** Throws `cancelled` or `expired` once the mailbox is over. */
  requireOpen(): void {
    if (this.#over === undefined) return;
    throw new MeshError(this.#over, sentences[this.#over]);
  }

  end(why: Over): void {
    this.#over ??= why;
    this.#parts.clear();
    this.#waiting?.();
  }

  /** Leaves a part for the other side; a repeat is taken as said. Answers false while too much waits. Throws `conflict` for a part out of turn, or with other contents. */
  put(part: number, data: string): boolean {
    if (part < this.#next) {
      const known = this.#parts.get(part);
      if (known === undefined || known === data) return true;
      throw new MeshError("conflict", "part: it was left already, with other contents");
    }
    if (part > this.#next) throw new MeshError("conflict", "part: not the one that is next");
    if (this.#parts.size >= limits.mailboxWaiting) return false;
    this.#parts.set(part, data);
    this.#next += 1;
    this.#other()?.wake();
    return true;
  }

  /** The other side's part of that number once it is there; undefined when it did not come in time. What came before it is let go. */
  async take(part: number, waitMs: number): Promise<string | undefined> {
    const ready = this.#given(part);
    if (ready !== undefined || waitMs === 0) return ready;
    // One who asks twice at a time is answered the second time.
    this.#waiting?.();
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#timer.after(waitMs, resolve);
    this.#waiting = resolve;
    await promise;
    cancel();
    if (this.#waiting === resolve) this.#waiting = undefined;
    this.requireOpen();
    return this.#given(part);
  }

  #given(part: number): string | undefined {
    const other = this.#other();
    if (other === undefined) return undefined;
    for (const known of other.#parts.keys()) if (known < part) other.#parts.delete(known);
    return other.#parts.get(part);
  }

  /** Has one who waits for a part look again. */
  wake(): void {
    this.#waiting?.();
  }

  #other(): MailboxSide | undefined {
    return this.box.sides.find((side) => side !== this);
  }
}
