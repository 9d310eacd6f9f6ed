import assert from "node:assert/strict";
import type { Client } from "@claudemesh/sdk";
import type { BareMember } from "../../packages/testkit/src/bare-member.ts";

const ackEvery = 20;

/** Reads a member's feed over every loss of the broker, acknowledging now and then, and keeps what came where. */
export class LogReader implements AsyncDisposable {
  /** message id → seq, in the order in which they came first */
  readonly seen = new Map<string, number>();
  /** events that came again, all of them behind the cursor */
  again = 0;
  readonly member: BareMember;
  #client: Client | undefined;
  #work: Promise<void> = Promise.resolve();
  #cursor: string | undefined;
  #acknowledged = 0;
  #heard: (() => void) | undefined;

  constructor(member: BareMember) {
    this.member = member;
  }

  /** Begins to read, or reads on with a new client that knows the cursor alone. A client left alone reconnects by itself. */
  async connect(): Promise<void> {
    await this.#end();
    const client = this.member.connect("feed", () => this.#cursor);
    this.#client = client;
    this.#work = this.#read(client, this.#acknowledged);
    this.#work.catch(() => this.#heard?.());
  }

  /** Settles when every one of these ids has come. */
  async has(ids: readonly string[]): Promise<void> {
    while (!ids.every((id) => this.seen.has(id))) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#heard = resolve;
      await Promise.race([promise, this.#work]);
    }
  }

  /** Ends it; throws what a check of the events threw. */
  async stop(): Promise<void> {
    await this.#end();
    this.#client = undefined;
  }

  /** Ends it, whatever its state. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.close();
  }

  async #end(): Promise<void> {
    await this.#client?.close();
    await this.#work;
  }

  async #read(client: Client, from: number): Promise<void> {
    let last = from;
    for await (const event of client.events()) {
      if (event.kind === "caught_up") continue;
      assert.ok(event.seq > last, `event ${event.seq} came after ${last}`);
      last = event.seq;
      if (event.kind === "message") this.#take(event.body.header.id, event.seq);
      if (event.seq - this.#acknowledged >= ackEvery) await this.#acknowledge(client, event.seq);
    }
  }

  #take(id: string, seq: number): void {
    const before = this.seen.get(id);
    if (before === undefined) {
      this.seen.set(id, seq);
    } else {
      assert.equal(seq, before, `${id} moved`);
      this.again += 1;
    }
    this.#heard?.();
  }

  async #acknowledge(client: Client, seq: number): Promise<void> {
    try {
      this.#cursor = (await client.acknowledge({ seq })).cursor;
      this.#acknowledged = seq;
    } catch {
      // Lost with the connection: the cursor stays where it is.
    }
  }
}
