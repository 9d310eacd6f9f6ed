import type { KeyMessage } from "@claudemesh/protocol";

/** One event of a stream, as it crossed the line. */
export interface Sent {
  readonly id: string | undefined;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what the broker sends
  readonly data: any;
}

/** Reads server-sent events one by one. */
export class EventStream {
  readonly status: number;
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #stop: AbortController;
  readonly #ready: Sent[] = [];
  readonly #decoder = new TextDecoder();
  #text = "";
  #isOver = false;

  private constructor(response: Response, stop: AbortController) {
    this.response = response;
    this.status = response.status;
    this.#stop = stop;
    if (response.body === null) throw new Error("a stream without a body");
    this.#reader = response.body.getReader();
  }

  static async open(url: string, secret: string, headers: Record<string, string> = {}) {
    const stop = new AbortController();
    const authorization = `Bearer ${secret}`;
    const response = await fetch(url, {
      headers: { authorization, ...headers },
      signal: stop.signal,
    });
    return new EventStream(response, stop);
  }

  /** The next event; undefined once the stream has ended. */
  async next(): Promise<Sent | undefined> {
    while (this.#ready.length === 0 && !this.#isOver) {
      const { done, value } = await this.#reader
        .read()
        .catch(() => ({ done: true, value: undefined }));
      if (done) this.#isOver = true;
      else this.#take(this.#decoder.decode(value, { stream: true }));
    }
    return this.#ready.shift();
  }

  /** The next messages. */
  async messages(count: number): Promise<KeyMessage[]> {
    const found: KeyMessage[] = [];
    while (found.length < count) {
      const event = await this.next();
      if (event === undefined) throw new Error(`the stream ended after ${found.length}`);
      if (event.name === "message") found.push(event.data);
    }
    return found;
  }

  close(): void {
    this.#stop.abort();
  }

  #take(text: string): void {
    const blocks = (this.#text + text).split("\n\n");
    this.#text = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(
        block.split("\n").map((line) => {
          const at = line.indexOf(": ");
          return [line.slice(0, at), line.slice(at + 2)];
        }),
      );
      const data = fields.get("data");
      if (data === undefined) continue;
      const name = fields.get("event") ?? "message";
      this.#ready.push({ id: fields.get("id"), name, data: JSON.parse(data) });
    }
  }
}
