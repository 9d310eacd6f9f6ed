import { type RandomSource, toHex } from "@claudemesh/crypto/verify";
import type pg from "pg";
import { openClient } from "../store/postgres/connect.ts";
import type { Timer } from "../timer.ts";
import { type Bus, type BusListener, busPayloadBytes } from "./port.ts";
import { Subscribers } from "./subscribers.ts";

const channel = "claudemesh_bus";
const reconnectMs = 1_000;
/** characters that wait for the database at most */
const waitingMost = 8 << 20;
/** bytes of one part, in base64 below what a notification carries (8,000) */
const partBytes = 5_600;

export interface NotifyBusOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly random: RandomSource;
  readonly timer: Timer;
  readonly log?: (event: string, cause: unknown) => void;
}

/** The bus over LISTEN and NOTIFY, on a connection of its own: a NOTIFY inside the writers' transactions would have all commits of the database wait for each other. */
export class NotifyBus implements Bus {
  readonly kind = "postgres";
  readonly counts = { published: 0, received: 0, dropped: 0, reconnects: 0 };
  readonly #options: NotifyBusOptions;
  readonly #node: string;
  readonly #subscribers: Subscribers;
  /** of each other node, the parts of a long signal that have come */
  readonly #parts = new Map<string, { readonly number: string | undefined; texts: string[] }>();
  /** a set, so that equal signals without payload go once */
  readonly #unsent = new Set<string>();
  #unsentChars = 0;
  #number = 0;
  #client: pg.Client | undefined;
  #sending = false;
  #closed = false;
  #stopTimer = () => {};

  private constructor(options: NotifyBusOptions) {
    this.#options = options;
    this.#node = toHex(options.random(6));
    this.#subscribers = new Subscribers(options.log);
  }

  static async open(options: NotifyBusOptions): Promise<NotifyBus> {
    const bus = new NotifyBus(options);
    await bus.#connect();
    return bus;
  }

  get isUp(): boolean {
    return this.#client !== undefined;
  }

  publish(subject: string, payload: string): void {
    if (this.#closed) return;
    const bytes = Buffer.from(payload);
    if (bytes.length > busPayloadBytes || this.#unsentChars > waitingMost) {
      this.counts.dropped += 1;
      return;
    }
    this.counts.published += 1;
    // What has a payload is numbered, since the server tells of equal notifications once.
    const number = bytes.length === 0 ? 0 : ++this.#number;
    const parts = Math.max(1, Math.ceil(bytes.length / partBytes));
    for (let part = 0; part < parts; part += 1) {
      const text = bytes.subarray(part * partBytes, (part + 1) * partBytes).toString("base64");
      this.#wait(`${this.#node} ${subject} ${number} ${part} ${parts} ${text}`);
    }
    if (!this.#sending) void this.#send();
  }

  subscribe(subject: string, listener: BusListener): () => void {
    return this.#subscribers.add(subject, listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    await this.#client?.end().catch(() => {});
  }

  #wait(notification: string): void {
    if (this.#unsent.has(notification)) return;
    this.#unsent.add(notification);
    this.#unsentChars += notification.length;
  }

  /** One statement at a time; what comes meanwhile goes along with the next. */
  async #send(): Promise<void> {
    this.#sending = true;
    while (this.#unsent.size > 0 && this.#client !== undefined) {
      const texts = [...this.#unsent];
      this.#unsent.clear();
      this.#unsentChars = 0;
      const sql =
        "SELECT pg_notify($1, told) FROM unnest($2::text[]) WITH ORDINALITY AS list(told, place) ORDER BY place";
      await this.#client.query(sql, [channel, texts]).catch(() => {
        this.counts.dropped += texts.length;
      });
    }
    this.#sending = false;
  }

  async #connect(): Promise<void> {
    const client = await openClient(this.#options);
    client.on("notification", ({ payload }) => this.#receive(payload ?? ""));
    try {
      await client.query(`LISTEN ${channel}`);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    client.on("end", () => this.#lost());
    this.#client = client;
    if (!this.#sending) void this.#send();
  }

  /** A node's notifications come in order, so a part that does not follow the one before belongs to a signal of which some were lost. */
  #receive(notification: string): void {
    const [node = "", subject = "", number, place, count, text = ""] = notification.split(" ");
    if (node === this.#node) return;
    const begun = this.#parts.get(node);
    const parts = place === "0" ? [] : begun?.number === number ? (begun?.texts ?? []) : [];
    if (parts.length !== Number(place)) return;
    parts.push(text);
    if (parts.length < Number(count)) {
      this.#parts.set(node, { number, texts: parts });
      return;
    }
    this.#parts.delete(node);
    this.counts.received += 1;
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
    this.#subscribers.hand(subject, bytes.toString());
  }

  #lost(): void {
    this.#client = undefined;
    this.#parts.clear();
    if (this.#closed) return;
    this.#stopTimer = this.#options.timer.after(reconnectMs, () => {
      this.#connect().then(
        () => {
          this.counts.reconnects += 1;
        },
        () => this.#lost(),
      );
    });
  }
}
