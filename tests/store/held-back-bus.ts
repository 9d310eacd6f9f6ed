import type { Bus, BusListener } from "../../apps/broker/src/bus/port.ts";
import { Subscribers } from "../../apps/broker/src/bus/subscribers.ts";

/** A bus between stores of one process that tells nothing until it is said to. */
export class HeldBackBus {
  readonly #ends = new Set<Subscribers>();
  #held: (() => void)[] = [];
  isUp = true;

  /** One store's end of it. */
  join(): Bus {
    const own = new Subscribers();
    this.#ends.add(own);
    const bus = this;
    return {
      kind: "in-process",
      carriesEntries: true,
      isAlone: false,
      counts: { published: 0, received: 0, dropped: 0, reconnects: 0, refused: 0 },
      get isUp() {
        return bus.isUp;
      },
      publish: (subject, payload) => {
        for (const end of bus.#ends) {
          if (end !== own) bus.#held.push(() => end.hand(subject, payload));
        }
      },
      subscribe: (subject: string, listener: BusListener) => own.add(subject, listener),
      close: async () => {},
    };
  }

  /** Tells what was held back, in order. */
  release(): void {
    for (const tell of this.#held.splice(0)) tell();
  }

  /** Forgets what was held back. */
  lose(): void {
    this.#held = [];
  }
}
