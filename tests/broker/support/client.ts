import { type ErrorBody, MeshError } from "@claudemesh/protocol";
import { WebSocket } from "ws";

/** Any frame that the broker sends, as a test looks at it. */
export interface Down {
  readonly type: string;
  readonly id?: string;
  readonly kind?: string;
  readonly seq?: number;
  readonly error?: ErrorBody;
  readonly [field: string]: unknown;
}

interface Wait {
  readonly fits: (frame: Down) => boolean;
  readonly found: PromiseWithResolvers<Down>;
}

/** A bare WebSocket client: frames in the order they came, and promises for the ones to come. */
export class Client {
  readonly socket: WebSocket;
  readonly frames: Down[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #waits = new Set<Wait>();
  #calls = 0;
  #end: Error | undefined;
  challenge = "";

  private constructor(socket: WebSocket) {
    this.socket = socket;
    const closed = Promise.withResolvers<{ code: number; reason: string }>();
    this.closed = closed.promise;
    socket.on("message", (data) => this.#onFrame(JSON.parse(data.toString()) as Down));
    socket.on("error", () => {});
    socket.on("close", (code, reason) => {
      closed.resolve({ code, reason: reason.toString() });
      this.#end = new Error(`closed with ${code} ${reason}`);
      for (const { found } of this.#waits) found.reject(this.#end);
    });
  }

  /** Opens a connection and waits for the challenge. */
  static async open(url: string, options: ConstructorParameters<typeof WebSocket>[2] = {}) {
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/ws`, options);
    const client = new Client(socket);
    const refused = Promise.withResolvers<never>();
    socket.once("unexpected-response", (_request, response) => {
      refused.reject(new Error(`refused with ${response.statusCode}`));
      socket.terminate();
    });
    const frame = await Promise.race([
      client.find((found) => found.type === "challenge"),
      refused.promise,
    ]);
    client.challenge = String(frame.challenge);
    return client;
  }

  /** The first frame that fits, of those that came and those to come. */
  find(fits: (frame: Down) => boolean): Promise<Down> {
    const there = this.frames.find(fits);
    if (there !== undefined) return Promise.resolve(there);
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const wait = { fits, found: Promise.withResolvers<Down>() };
    this.#waits.add(wait);
    return wait.found.promise.finally(() => this.#waits.delete(wait));
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** Sends a frame with a fresh id and returns the output of its reply, or throws its error. */
  async request(frame: Record<string, unknown>): Promise<Record<string, unknown>> {
    const id = `c${this.#calls++}`;
    const reply = this.find((down) => down.type === "reply" && down.id === id);
    this.send({ ...frame, id });
    const { error, output } = await reply;
    if (error !== undefined) throw MeshError.fromBody(error);
    return output as Record<string, unknown>;
  }

  call(op: string, input: unknown): Promise<Record<string, unknown>> {
    return this.request({ type: "call", op, input });
  }

  get events(): Down[] {
    return this.frames.filter(
      ({ type, seq, id }) => type === "event" && seq !== undefined && id !== undefined,
    );
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  #onFrame(frame: Down): void {
    this.frames.push(frame);
    for (const wait of this.#waits) {
      if (wait.fits(frame)) wait.found.resolve(frame);
    }
  }
}

/** A predicate for `assert.rejects`: a MeshError of this code. */
export const refusal = (code: string) => (error: unknown) => {
  if (error instanceof MeshError && error.code === code) return true;
  throw new Error(
    `expected ${code}, got ${String(error)} ${error instanceof MeshError ? error.code : ""}`,
  );
};
