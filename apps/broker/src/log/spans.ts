import type { Audience } from "@claudemesh/protocol";
import type { AudienceMove, AudienceSpan } from "../store/port.ts";

/** Between which places of the log a member is in which groups and topics, as its feed needs it: from what is stored, then from each move. */
export class Spans {
  #spans: AudienceSpan[] = [];
  #early: { readonly move: AudienceMove; readonly seq: number }[] | undefined = [];

  /** Takes in what is stored, then the moves that came while it was read; answers the audiences that the member is in. */
  load(known: readonly AudienceSpan[]): Audience[] {
    this.#spans = [...known];
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const { move, seq } of early) this.move(move, seq);
    return this.open();
  }

  /** Takes in a move; false when it changes nothing now: it is known already, or waits for `load`. */
  move(move: AudienceMove, seq: number): boolean {
    if (this.#early !== undefined) {
      this.#early.push({ move, seq });
      return false;
    }
    const { audience, enters } = move;
    const at = this.#spans.findIndex((span) => span.audience === audience && span.until === null);
    const open = this.#spans[at];
    // What was stored may tell already of this move, and of later ones.
    const isKnown = this.#spans.some(
      (span) => span.audience === audience && (span.from >= seq || (span.until ?? -1) >= seq),
    );
    if (isKnown || (open !== undefined) === enters) return false;
    if (open === undefined) this.#spans.push({ audience, from: seq, until: null });
    else this.#spans[at] = { ...open, until: seq };
    return true;
  }

  /** What the member is in now. */
  open(): Audience[] {
    return this.#spans.filter(({ until }) => until === null).map(({ audience }) => audience);
  }

  /** What is still to be read after a place; the rest is forgotten. */
  beyond(seq: number): readonly AudienceSpan[] {
    this.#spans = this.#spans.filter(({ until }) => until === null || until > seq);
    return [...this.#spans];
  }
}
