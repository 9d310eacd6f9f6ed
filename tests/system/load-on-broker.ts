import { type Envelope, MeshError } from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import type { BareMember } from "../../packages/testkit/src/bare-member.ts";
import type { SeededNumbers } from "../../packages/testkit/src/seeded-numbers.ts";

const atOnce = 8;

/** What the broker said of each message: its place in the log once it was acknowledged. */
export class Acknowledged {
  readonly seqs = new Map<string, number>();
  /** sent at least once, never answered */
  readonly inDoubt = new Set<string>();
  /** answers that only repeated an earlier one, whose reply had been lost */
  repeats = 0;
  #goal = Number.POSITIVE_INFINITY;
  #reached: (() => void) | undefined;

  get count(): number {
    return this.seqs.size;
  }

  /** Settles inside the very turn in which the count reaches `goal`. */
  reaches(goal: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#goal = goal;
    this.#reached = resolve;
    return promise;
  }

  note(id: string, seq: number, repeated: boolean): void {
    const known = this.seqs.get(id);
    if (known !== undefined && known !== seq) throw new Error(`${id} is at ${known} and at ${seq}`);
    if (repeated) this.repeats += 1;
    this.inDoubt.delete(id);
    this.seqs.set(id, seq);
    if (this.count >= this.#goal) this.#reached?.();
  }
}

/** A member that keeps several messages under way until it is stopped, over every loss of the broker. */
export class LoadSender implements AsyncDisposable {
  readonly #from: BareMember;
  #client: Client;
  readonly #acknowledged: Acknowledged;
  readonly #numbers: SeededNumbers;
  readonly #work: Promise<void>;
  #stopping = false;

  constructor(
    from: BareMember,
    to: readonly BareMember[],
    acknowledged: Acknowledged,
    numbers: SeededNumbers,
  ) {
    this.#from = from;
    this.#client = from.connect("call");
    this.#acknowledged = acknowledged;
    this.#numbers = numbers;
    const lanes = Array.from({ length: atOnce }, () => this.#lane(from, to));
    this.#work = Promise.all(lanes).then(() => undefined);
    this.#work.catch(() => undefined);
  }

  /** Goes on over a new connection at once, where the old one would wait longer after every loss. */
  async reconnect(): Promise<void> {
    const lost = this.#client;
    this.#client = this.#from.connect("call");
    await lost.close();
  }

  /** Settles when what is under way is answered. Throws when the broker refused anything. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#work;
    await this.#client.close();
  }

  /** Ends it at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    await this.#client.close();
  }

  async #lane(from: BareMember, to: readonly BareMember[]): Promise<void> {
    for (let i = 0; !this.#stopping; i++) {
      const recipient = to[this.#numbers.next(to.length)];
      if (recipient === undefined) throw new Error("there is nobody to send to");
      const envelope = from.seal(recipient, `load ${i}`);
      const isPatient = this.#numbers.next(3) > 0;
      while (!(await this.#send(envelope)) && isPatient);
    }
  }

  /** False when it may be sent again: the connection was lost, so that nobody knows whether it was accepted. */
  async #send(envelope: Envelope): Promise<boolean> {
    const { id } = envelope.header;
    this.#acknowledged.inDoubt.add(id);
    try {
      const { seq, repeated } = await this.#client.message.send({ envelope });
      this.#acknowledged.note(id, seq, repeated);
      return true;
    } catch (error) {
      const isLoss =
        error instanceof MeshError && ["cancelled", "offline", "unavailable"].includes(error.code);
      if (isLoss || this.#stopping) return this.#stopping;
      throw error;
    }
  }
}
