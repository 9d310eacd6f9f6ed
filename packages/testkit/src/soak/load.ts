import type { Client } from "@claudemesh/sdk";
import { type BareMember, found, join } from "../bare-member.ts";

const people = 6;
/** how often each of them does something */
const paceMs = 100;
/** after how many messages a reader says how far it has come */
const ackEvery = 10;

/** How many of each thing were done. */
export interface Done {
  messages: number;
  received: number;
  reconnects: number;
  strangers: number;
}

/** Members that send, read, go and come back, and strangers that make no sense, until it is stopped. */
export class MixedLoad implements AsyncDisposable {
  readonly done: Done = { messages: 0, received: 0, reconnects: 0, strangers: 0 };
  readonly #url: string;
  readonly #stopping = new AbortController();
  #work: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
  }

  /** Founds the mesh, then goes on until it is stopped; a failure is thrown by stopping. */
  async start(): Promise<void> {
    const owner = await found(this.#url, "owner");
    const all = [owner];
    while (all.length < people) all.push(await join(owner, `member ${all.length}`));
    this.#work = Promise.all([
      ...all.map((member, n) => this.#send(member, all, n)),
      ...all.map((member) => this.#read(member)),
      this.#strangers(),
    ]);
    this.#work.catch(() => this.#stopping.abort());
  }

  /** Settles when it was stopped, or failed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#work.catch(() => undefined);
  }

  get #isOver(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** The next turn of somebody, or the end. */
  #pause(): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = setTimeout(over, paceMs);
      function over() {
        clearTimeout(timer);
        signal.removeEventListener("abort", over);
        resolve();
      }
      signal.addEventListener("abort", over);
    });
  }

  async #send(member: BareMember, all: readonly BareMember[], own: number): Promise<void> {
    let client = member.connect("call");
    for (let turn = own; !this.#isOver; turn++) {
      const to = all[(own + 1 + (turn % (all.length - 1))) % all.length] as BareMember;
      await client.message.send({ envelope: member.seal(to, `message ${turn}`) });
      this.done.messages += 1;
      if (turn % 50 === 49) {
        await client.close();
        client = member.connect("call");
        this.done.reconnects += 1;
      }
      await this.#pause();
    }
    await client.close();
  }

  async #read(member: BareMember): Promise<void> {
    let cursor: string | undefined;
    while (!this.#isOver) {
      await using feed = member.connect("feed", () => cursor);
      const stop = () => void feed.close();
      this.#stopping.signal.addEventListener("abort", stop, { once: true });
      cursor = await this.#readSome(feed, cursor);
      this.#stopping.signal.removeEventListener("abort", stop);
    }
  }

  /** Reads a hundred entries and goes; answers how far it acknowledged. */
  async #readSome(feed: Client, from: string | undefined): Promise<string | undefined> {
    let cursor = from;
    let count = 0;
    try {
      for await (const event of feed.events()) {
        if (event.kind === "caught_up") continue;
        this.done.received += 1;
        count += 1;
        if (count % ackEvery === 0) cursor = (await feed.acknowledge({ seq: event.seq })).cursor;
        if (count === 100 || this.#isOver) break;
      }
    } catch (error) {
      // Stopping closes the feed under an acknowledgement that is on its way.
      if (!this.#isOver) throw error;
    }
    return cursor;
  }

  async #strangers(): Promise<void> {
    while (!this.#isOver) {
      await fetch(`${this.#url}/nowhere`).then((answer) => answer.arrayBuffer());
      await garble(this.#url);
      this.done.strangers += 1;
      await this.#pause();
    }
  }
}

/** A connection that sends what is no frame; settles when it was ended for that. */
function garble(url: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/ws`);
    socket.onopen = () => socket.send("{");
    socket.onerror = () => resolve();
    socket.onclose = () => resolve();
  });
}
