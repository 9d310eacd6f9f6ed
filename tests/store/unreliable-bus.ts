import type { Bus, BusListener } from "../../apps/broker/src/bus/port.ts";
import { Subscribers } from "../../apps/broker/src/bus/subscribers.ts";
import type { SeededNumbers } from "../../packages/testkit/src/seeded-numbers.ts";

/** signals that one end keeps back at most, to tell them in another order */
const keptBack = 4;

/** What became of signals, over all ends. */
export interface Fates {
  lost: number;
  repeated: number;
  outOfOrder: number;
  told: number;
}

/** A bus between stores of one process that loses every fifth signal, repeats some, and tells many in another order. */
export class UnreliableBus {
  readonly fates: Fates = { lost: 0, repeated: 0, outOfOrder: 0, told: 0 };
  readonly #numbers: SeededNumbers;
  readonly #ends = new Set<End>();

  constructor(numbers: SeededNumbers) {
    this.#numbers = numbers;
  }

  /** One store's end of it; a deaf one hears nothing. */
  join(isDeaf = false): Bus {
    const end = new End((subject, payload) => this.#tell(end, subject, payload), isDeaf);
    this.#ends.add(end);
    return end;
  }

  #tell(from: End, subject: string, payload: string): void {
    for (const end of this.#ends) {
      if (end === from || end.isDeaf) continue;
      const fate = this.#numbers.next(20);
      if (fate < 4) {
        this.fates.lost += 1;
        continue;
      }
      end.kept.push({ subject, payload });
      if (fate < 8) {
        this.fates.repeated += 1;
        end.kept.push({ subject, payload });
      }
      while (end.kept.length > this.#numbers.next(keptBack)) {
        const place = this.#numbers.next(end.kept.length);
        if (place > 0) this.fates.outOfOrder += 1;
        const [signal] = end.kept.splice(place, 1);
        this.fates.told += 1;
        if (signal !== undefined) setImmediate(() => end.hear(signal));
      }
    }
  }
}

interface Signal {
  readonly subject: string;
  readonly payload: string;
}

class End implements Bus {
  readonly kind = "in-process";
  readonly carriesEntries = true;
  readonly isUp = true;
  readonly counts = { published: 0, received: 0, dropped: 0, reconnects: 0, refused: 0 };
  isAlone = false;
  readonly kept: Signal[] = [];
  readonly publish: (subject: string, payload: string) => void;
  readonly isDeaf: boolean;
  readonly #subscribers = new Subscribers();

  constructor(publish: (subject: string, payload: string) => void, isDeaf: boolean) {
    this.publish = publish;
    this.isDeaf = isDeaf;
  }

  subscribe(subject: string, listener: BusListener): () => void {
    return this.#subscribers.add(subject, listener);
  }

  hear({ subject, payload }: Signal): void {
    this.#subscribers.hand(subject, payload);
  }

  async close(): Promise<void> {}
}
