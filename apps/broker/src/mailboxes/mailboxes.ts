import { type RandomSource, toBase64 } from "@claudemesh/crypto/verify";
import { limits, MeshError } from "@claudemesh/protocol";
import type { Timer } from "../timer.ts";
import { type Mailbox, MailboxSide } from "./mailbox-side.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const tokenBytes = 16;
/** How long it is remembered that a mailbox was there, so that its code is told from a wrong one. */
const rememberedMs = 10 * 60_000;

const anew = "begin anew on the new device: claudemesh device link";
const typed = "type the code that the new device shows, within its ten minutes";

/** What a side is told of its place in a mailbox. */
export interface Place {
  readonly token: string;
  readonly expiresAt: number;
}

/** The mailboxes of device links, in memory: few, short-lived, for two sides each. */
export class Mailboxes {
  readonly #now: () => number;
  readonly #random: RandomSource;
  readonly #timer: Timer;
  readonly #open = new Map<string, Mailbox>();
  readonly #sides = new Map<string, MailboxSide>();
  /** codes whose mailbox is over, and until when that is remembered */
  readonly #over = new Map<string, number>();
  readonly #byAddress = new Map<string, number>();

  constructor(parts: {
    readonly now: () => number;
    readonly random: RandomSource;
    readonly timer: Timer;
  }) {
    this.#now = parts.now;
    this.#random = parts.random;
    this.#timer = parts.timer;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Whether a code or a token is of a mailbox that is or was here. */
  knows(codeOrToken: string): boolean {
    return (
      this.#open.has(codeOrToken) || this.#over.has(codeOrToken) || this.#sides.has(codeOrToken)
    );
  }

  /** Opens a mailbox. Throws `rate_limited` when there are too many, here or from this address. */
  open(address: string): Place & { readonly code: string } {
    this.#sweep();
    const mine = this.#byAddress.get(address) ?? 0;
    if (this.#open.size >= limits.mailboxes || mine >= limits.mailboxesPerAddress) {
      throw new MeshError("rate_limited", "too many device links are under way", {
        retryAfterMs: limits.mailboxMs,
      });
    }
    const code = this.#draw();
    const expiresAt = this.#now() + limits.mailboxMs;
    const cancel = this.#timer.after(limits.mailboxMs, () => this.#end(code, "expired"));
    const box: Mailbox = { code, address, expiresAt, cancel, sides: [] };
    this.#open.set(code, box);
    this.#byAddress.set(address, mine + 1);
    return { code, ...this.#enter(box) };
  }

  /** Takes the second side of a mailbox. Throws `not_found`, `expired`, and `conflict` when someone has it already. */
  enter(code: string): Place {
    const box = this.#open.get(code);
    if (box === undefined || box.expiresAt <= this.#now()) {
      const over = this.#over.get(code) ?? 0;
      throw box !== undefined || over > this.#now()
        ? new MeshError("expired", "that link is over", { hint: anew })
        : new MeshError("not_found", "there is no device link of that code", { hint: typed });
    }
    if (box.sides.length > 1) {
      throw new MeshError("conflict", "another device has entered that link already", {
        hint: anew,
      });
    }
    return this.#enter(box);
  }

  /** The side that a token stands for. Throws what ended its mailbox, or `not_found`. */
  side(token: string): MailboxSide {
    const side = this.#sides.get(token);
    if (side === undefined) throw new MeshError("not_found", "token: the link is over");
    side.requireOpen();
    return side;
  }

  /** Ends a side's mailbox; the other side hears of it as soon as it asks. */
  close(token: string): void {
    const box = this.#sides.get(token)?.box;
    if (box !== undefined) this.#end(box.code, "cancelled");
  }

  stop(): void {
    for (const code of [...this.#open.keys()]) this.#end(code, "cancelled");
    this.#sides.clear();
  }

  #enter(box: Mailbox): Place {
    const token = toBase64(this.#random(tokenBytes));
    const side = new MailboxSide(box, this.#timer);
    box.sides.push(side);
    this.#sides.set(token, side);
    return { token, expiresAt: box.expiresAt };
  }

  #draw(): string {
    for (;;) {
      const letters = Array.from(this.#random(8), (byte) => alphabet[byte % 32]).join("");
      const code = `${letters.slice(0, 4)}-${letters.slice(4)}`;
      if (!this.#open.has(code) && !this.#over.has(code)) return code;
    }
  }

  #end(code: string, why: "cancelled" | "expired"): void {
    const box = this.#open.get(code);
    if (box === undefined) return;
    this.#open.delete(code);
    box.cancel();
    const left = (this.#byAddress.get(box.address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(box.address, left);
    else this.#byAddress.delete(box.address);
    this.#over.set(code, this.#now() + rememberedMs);
    for (const side of box.sides) side.end(why);
  }

  /** What is remembered of mailboxes that are over goes when its time is over too. */
  #sweep(): void {
    const now = this.#now();
    for (const [code, until] of this.#over) if (until <= now) this.#over.delete(code);
    for (const [token, { box }] of this.#sides) {
      if (!this.#open.has(box.code) && !this.#over.has(box.code)) this.#sides.delete(token);
    }
  }
}
