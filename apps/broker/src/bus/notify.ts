import { type RandomSource, toHex } from "@claudemesh/crypto/verify";
import type pg from "pg";
import { openClient } from "../store/postgres/connect.ts";
import type { Timer } from "../timer.ts";
import { type Bus, type BusListener, busPayloadBytes } from "./port.ts";
import { SealedSignals } from "./sealed-signals.ts";
import { Subscribers } from "./subscribers.ts";

const channel = "claudemesh_bus";
const reconnectMs = 1_000;
/** characters that wait for the database at most, and what one signal counts for besides its payload */
const waitingMost = 8 << 20;
const flatChars = 100;
/** bytes of one part, in base64 below what a notification carries (8,000) */
const partBytes = 5_600;
/** parts of one signal, and senders of which parts are kept, at most: any role of the database may notify */
const partsMost = Math.ceil((2 * busPayloadBytes) / partBytes);
const sendersMost = 256;

export interface NotifyBusOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** what all nodes of one database know, and nobody else */
  readonly secret: Uint8Array;
  readonly random: RandomSource;
  readonly now: () => number;
  readonly timer: Timer;
  readonly log?: (event: string, cause: unknown) => void;
}

/** The bus over LISTEN and NOTIFY, on a connection of its own: a NOTIFY inside the writers' transactions would have all commits of the database wait for each other. */
export class NotifyBus implements Bus {
  readonly kind = "postgres";
  /** every notification is written to the server's queue and read by each node's connection: the log itself is read for less */
  readonly carriesEntries = false;
  isAlone = false;
  readonly counts = { published: 0, received: 0, dropped: 0, reconnects: 0, refused: 0 };
  readonly #options: NotifyBusOptions;
  readonly #node: string;
  readonly #signals: SealedSignals;
  readonly #subscribers: Subscribers;
  /** of each other node, the parts of a long signal that have come */
  readonly #parts = new Map<string, { readonly number: string | undefined; texts: string[] }>();
  #unsent: { readonly subject: string; readonly payload: string }[] = [];
  /** subjects of signals without payload among them: of equal ones that wait one is sent */
  readonly #unsentWakes = new Set<string>();
  #unsentChars = 0;
  #number = 0;
  #client: pg.Client | undefined;
  #sending = false;
  #closed = false;
  #stopTimer = () => {};

  private constructor(options: NotifyBusOptions) {
    this.#options = options;
    this.#node = toHex(options.random(6));
    this.#signals = new SealedSignals(options);
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
    const isWake = payload === "";
    if (Buffer.byteLength(payload) > busPayloadBytes || this.#unsentChars > waitingMost) {
      this.counts.dropped += 1;
      return;
    }
    this.counts.published += 1;
    if (isWake && this.#unsentWakes.has(subject)) return;
    if (isWake) this.#unsentWakes.add(subject);
    this.#unsent.push({ subject, payload });
    this.#unsentChars += payload.length + flatChars;
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

  /** The notifications of a signal, numbered: its parts belong together. */
  #partsOf(subject: string, payload: string): string[] {
    const sealed = Buffer.from(this.#signals.seal(subject, payload));
    this.#number += 1;
    const count = Math.ceil(sealed.length / partBytes);
    return Array.from({ length: count }, (_, part) => {
      const text = sealed.subarray(part * partBytes, (part + 1) * partBytes).toString("base64");
      return `${this.#node} ${subject} ${this.#number} ${part} ${count} ${text}`;
    });
  }

  /** One statement at a time; what comes meanwhile goes along with the next. */
  async #send(): Promise<void> {
    this.#sending = true;
    while (this.#unsent.length > 0 && this.#client !== undefined) {
      const signals = this.#unsent;
      this.#unsent = [];
      this.#unsentWakes.clear();
      this.#unsentChars = 0;
      const texts = signals.flatMap(({ subject, payload }) => this.#partsOf(subject, payload));
      const sql =
        "SELECT pg_notify($1, told) FROM unnest($2::text[]) WITH ORDINALITY AS list(told, place) ORDER BY place";
      await this.#client.query(sql, [channel, texts]).catch(() => {
        this.counts.dropped += signals.length;
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
      if (parts.length < partsMost && (begun || this.#parts.size < sendersMost)) {
        this.#parts.set(node, { number, texts: parts });
      }
      return;
    }
    this.#parts.delete(node);
    const sealed = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
    const payload = this.#signals.open(subject, sealed);
    if (payload === undefined) {
      this.counts.refused += 1;
      return;
    }
    this.counts.received += 1;
    this.#subscribers.hand(subject, payload);
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
