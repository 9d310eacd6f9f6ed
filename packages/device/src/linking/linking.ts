import type { DeviceContext } from "../context.ts";
import { PendingLink } from "./pending-link.ts";

/** The link that this home has under way, if it has one: it lives as long as the device is open, whoever asks for its steps. */
export class Linking {
  readonly #ctx: () => DeviceContext;
  #last: PendingLink | undefined;

  constructor(ctx: () => DeviceContext) {
    this.#ctx = ctx;
  }

  /** What is under way; undefined once it is over. */
  get pending(): PendingLink | undefined {
    return this.#last?.isOver ? undefined : this.#last;
  }

  /** The last one, also when it is over: whoever waits for it hears how it ended. */
  get last(): PendingLink | undefined {
    return this.#last;
  }

  /** Offers this empty home, in place of what was under way. Throws `offline`, `rate_limited`. */
  async offer(broker: string): Promise<PendingLink> {
    return this.#begin(await PendingLink.offer(this.#ctx(), broker));
  }

  /** Meets the new device with that code, in place of what was under way. Throws `not_found`, `expired`, `conflict`, `offline`. */
  async meet(broker: string, code: string): Promise<PendingLink> {
    return this.#begin(await PendingLink.meet(this.#ctx(), broker, code));
  }

  forget(): void {
    this.#last = undefined;
  }

  async #begin(link: PendingLink): Promise<PendingLink> {
    const before = this.pending;
    this.#last = link;
    await before?.end();
    return link;
  }
}
