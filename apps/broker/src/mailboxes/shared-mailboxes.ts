import { type RandomSource, uuidv4 } from "@claudemesh/crypto/verify";
import { type ErrorBody, MeshError } from "@claudemesh/protocol";
import type { Bus } from "../bus/port.ts";
import type { Timer } from "../timer.ts";
import type { Mailboxes, Place } from "./mailboxes.ts";

const askSubject = "nodes.mailbox";
const answerSubject = "nodes.mailboxed";
/** how often a question to the other nodes is repeated, and how long, besides the wait that it asks for, it may stay unanswered */
const repeatMs = 500;
const patienceMs = 6_000;

/** What a side of a link asks for. */
type Wish =
  | { readonly op: "enter"; readonly of: string }
  | { readonly op: "close"; readonly of: string }
  | { readonly op: "put"; readonly of: string; readonly part: number; readonly data: string }
  | { readonly op: "take"; readonly of: string; readonly part: number; readonly waitMs: number };

interface Asked {
  readonly id: string;
  readonly wish: Wish;
}

interface Answered {
  readonly id: string;
  readonly output?: unknown;
  readonly error?: ErrorBody;
}

/**
 * The mailboxes of all nodes: each lies at the node that opened it, for the ten minutes that it has, and the others pass on to it what its other side asks for. Should that node end, the
 * link is begun anew.
 */
export class SharedMailboxes {
  readonly #own: Mailboxes;
  readonly #bus: Bus;
  readonly #random: RandomSource;
  readonly #timer: Timer;
  readonly #isAlone: () => boolean;
  readonly #asked = new Map<string, (answer: Answered) => void>();
  /** what was answered not long ago, or is being worked on */
  readonly #answers = new Map<string, Promise<Answered>>();
  readonly #ends: (() => void)[];

  constructor({
    own,
    bus,
    random,
    timer,
    isAlone,
  }: {
    readonly own: Mailboxes;
    readonly bus: Bus;
    readonly random: RandomSource;
    readonly timer: Timer;
    /** whether there is no other node */
    readonly isAlone: () => boolean;
  }) {
    this.#own = own;
    this.#bus = bus;
    this.#random = random;
    this.#timer = timer;
    this.#isAlone = isAlone;
    this.#ends = [
      bus.subscribe(askSubject, (payload) => this.#serve(JSON.parse(payload) as Asked)),
      bus.subscribe(answerSubject, (payload) => {
        const answer = JSON.parse(payload) as Answered;
        this.#asked.get(answer.id)?.(answer);
      }),
    ];
  }

  /** Opens a mailbox at this node. */
  open(address: string): ReturnType<Mailboxes["open"]> {
    return this.#own.open(address);
  }

  enter(code: string): Promise<Place> {
    return this.#at({ op: "enter", of: code }) as Promise<Place>;
  }

  put(token: string, part: number, data: string): Promise<boolean> {
    return this.#at({ op: "put", of: token, part, data }) as Promise<boolean>;
  }

  take(token: string, part: number, waitMs: number): Promise<string | undefined> {
    return this.#at({ op: "take", of: token, part, waitMs }) as Promise<string | undefined>;
  }

  async close(token: string): Promise<void> {
    await this.#at({ op: "close", of: token });
  }

  stop(): void {
    for (const end of this.#ends) end();
    this.#own.stop();
  }

  /** Here where the mailbox is here, or nowhere; else at the node that has it. */
  async #at(wish: Wish): Promise<unknown> {
    if (this.#isAlone() || this.#own.knows(wish.of)) return await this.#do(wish);
    const answer = await this.#ask(wish);
    if (answer === undefined) return await this.#do(wish);
    if (answer.error !== undefined) throw MeshError.fromBody(answer.error);
    return answer.output;
  }

  async #do(wish: Wish): Promise<unknown> {
    switch (wish.op) {
      case "enter":
        return this.#own.enter(wish.of);
      case "close":
        return this.#own.close(wish.of);
      case "put":
        return this.#own.side(wish.of).put(wish.part, wish.data);
      case "take":
        return await this.#own.side(wish.of).take(wish.part, wish.waitMs);
    }
  }

  /** Undefined when no node has the mailbox, or none could be asked. */
  async #ask(wish: Wish): Promise<Answered | undefined> {
    const id = uuidv4(this.#random);
    const asked = JSON.stringify({ id, wish } satisfies Asked);
    const { promise, resolve } = Promise.withResolvers<Answered | undefined>();
    this.#asked.set(id, resolve);
    const publish = () => this.#bus.publish(askSubject, asked);
    const stopRepeating = this.#timer.every(repeatMs, publish);
    const waitMs = wish.op === "take" ? wish.waitMs : 0;
    const giveUp = this.#timer.after(waitMs + patienceMs, () => resolve(undefined));
    publish();
    try {
      return await promise;
    } finally {
      stopRepeating();
      giveUp();
      this.#asked.delete(id);
    }
  }

  /** A repeat is given the answer of the first time. */
  #serve({ id, wish }: Asked): void {
    if (!this.#own.knows(wish.of)) return;
    let answer = this.#answers.get(id);
    if (answer === undefined) {
      answer = this.#do(wish).then(
        (output) => ({ id, output }),
        (error: unknown) => ({ id, error: bodyOf(error) }),
      );
      this.#answers.set(id, answer);
      void answer.then(() => this.#timer.after(patienceMs, () => this.#answers.delete(id)));
    }
    void answer.then((one) => this.#bus.publish(answerSubject, JSON.stringify(one)));
  }
}

const bodyOf = (error: unknown): ErrorBody =>
  (error instanceof MeshError
    ? error
    : new MeshError("internal", "the link failed at its node")
  ).toBody();
