import { limits, MeshError } from "@claudemesh/protocol";
import type { Client } from "@claudemesh/sdk";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";

const maxTries = 5;
const againMs = 500;
const fullMs = 100;

/** One side of a mailbox at a broker, over as many connections as it takes. */
export class MailboxClient {
  readonly #ctx: DeviceContext;
  readonly #broker: string;
  #client: Client | undefined;
  #token = "";
  #expiresAt = 0;
  #next = 0;

  constructor(ctx: DeviceContext, broker: string) {
    this.#ctx = ctx;
    this.#broker = broker;
  }

  /** When both sides have to be done, by this machine's clock. */
  get expiresAt(): number {
    return this.#expiresAt;
  }

  /** Opens a mailbox; answers its code. */
  async open(): Promise<string> {
    const { code, token } = await this.#once((client) => client.mailbox.open({}));
    this.#begin(token);
    return code;
  }

  /** Enters a mailbox as its second side. Throws `not_found`, `expired`, `conflict`. */
  async enter(code: string): Promise<void> {
    const { token } = await this.#once((client) => client.mailbox.enter({ code }));
    this.#begin(token);
  }

  /** Leaves the next part for the other side. */
  async put(data: string): Promise<void> {
    const part = this.#next;
    for (;;) {
      const { kept } = await this.#call((client) =>
        client.mailbox.put({ token: this.#token, part, data }),
      );
      if (kept) break;
      this.#requireTime();
      await this.#rest(fullMs);
    }
    this.#next += 1;
  }

  /** Waits for the other side's part. Throws `cancelled` when it has ended the link, `expired`. */
  async take(part: number): Promise<string> {
    for (;;) {
      this.#requireTime();
      const { data } = await this.#call((client) =>
        client.mailbox.take({ token: this.#token, part, waitMs: limits.mailboxWaitMs }),
      );
      if (data !== undefined) return data;
    }
  }

  /** Ends the mailbox for both sides; that nobody heard it is not told. */
  async close(): Promise<void> {
    try {
      await this.#once((client) => client.mailbox.close({ token: this.#token }));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
    }
    await this.hangUp();
  }

  /** Gives the connection back; the mailbox stays for the other side. */
  async hangUp(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close();
  }

  #begin(token: string): void {
    this.#token = token;
    this.#expiresAt = this.#ctx.now() + limits.mailboxMs;
  }

  #requireTime(): void {
    if (this.#ctx.now() < this.#expiresAt) return;
    throw new MeshError("expired", "the link took too long");
  }

  /** Every call may be repeated: a part that was left is recognised. */
  async #call<T>(ask: (client: Client) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#once(ask);
      } catch (error) {
        const isOver = error instanceof MeshError && error.code === "cancelled";
        if (!isUnreachable(error) || isOver || tries >= maxTries) throw error;
        await this.#rest(againMs);
      }
    }
  }

  async #once<T>(ask: (client: Client) => Promise<T>): Promise<T> {
    this.#client ??= await this.#ctx.links.anonymous(this.#broker);
    const client = this.#client;
    try {
      return await ask(client);
    } catch (error) {
      if (isUnreachable(error)) await this.hangUp();
      throw error;
    }
  }

  async #rest(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ctx.timer(ms, resolve);
    await promise;
  }
}
