import { busName, signalOverhead } from "@claudemesh/crypto/signal-box";
import type { RandomSource } from "@claudemesh/crypto/verify";
import type { Msg, NatsConnection, Subscription } from "@nats-io/transport-node";
import type { Timer } from "../timer.ts";
import { type Bus, type BusListener, busPayloadBytes } from "./port.ts";
import { SealedSignals } from "./sealed-signals.ts";
import { Subscribers } from "./subscribers.ts";

const retryMs = 1_000;
/** silence after which a server is asked, and how often it may stay silent */
const pingMs = 5_000;
const pingsLost = 2;

export interface NatsBusOptions {
  /** `nats://user:password@host:port`, several of one cluster with commas between */
  readonly url: string;
  /** contents of a credentials file, where the server wants them */
  readonly credentials: string | undefined;
  /** what all nodes of one database know, and nobody else: their subjects follow from it, and the keys under which signals are sealed */
  readonly secret: Uint8Array;
  readonly random: RandomSource;
  readonly now: () => number;
  readonly timer: Timer;
  readonly log: (event: string, cause: unknown) => void;
}

/** The bus over NATS core: nothing is kept there, and a server that is away is tried again for ever, while the nodes look at the database. */
export class NatsBus implements Bus {
  readonly kind = "nats";
  readonly carriesEntries = true;
  isAlone = false;
  readonly counts = { published: 0, received: 0, dropped: 0, reconnects: 0, refused: 0 };
  readonly #options: NatsBusOptions;
  readonly #prefix: string;
  readonly #signals: SealedSignals;
  readonly #subscribers: Subscribers;
  readonly #subscribed = new Map<string, Subscription>();
  #connection: NatsConnection | undefined;
  #isUp = false;
  #isClosed = false;
  #wasLost = false;
  #stopTimer = () => {};

  private constructor(options: NatsBusOptions) {
    this.#options = options;
    this.#prefix = `claudemesh.${busName(options.secret, "subjects")}.`;
    this.#signals = new SealedSignals(options);
    this.#subscribers = new Subscribers(options.log);
  }

  /** Does not wait for the server: a node starts without it. */
  static open(options: NatsBusOptions): NatsBus {
    const bus = new NatsBus(options);
    void bus.#connect();
    return bus;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  publish(subject: string, payload: string): void {
    if (this.#isClosed) return;
    // What was said long ago must not be told when the server is back: whoever needs it has looked by then.
    if (!this.#isUp || payload.length > busPayloadBytes) {
      this.counts.dropped += 1;
      return;
    }
    try {
      const sealed = this.#signals.seal(subject, payload);
      if (sealed.length > busPayloadBytes + signalOverhead) {
        this.counts.dropped += 1;
        return;
      }
      this.#connection?.publish(this.#prefix + subject, sealed);
      this.counts.published += 1;
    } catch {
      this.counts.dropped += 1;
    }
  }

  subscribe(subject: string, listener: BusListener): () => void {
    const remove = this.#subscribers.add(subject, listener);
    this.#ensure(subject);
    return () => {
      remove();
      if (this.#subscribers.has(subject)) return;
      this.#subscribed.get(subject)?.unsubscribe();
      this.#subscribed.delete(subject);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isUp = false;
    this.#stopTimer();
    await this.#connection?.close().catch(() => {});
  }

  async #connect(): Promise<void> {
    try {
      const connection = await this.#dial();
      if (this.#isClosed) {
        await connection.close();
        return;
      }
      this.#connection = connection;
      this.#isUp = true;
      for (const subject of this.#subscribers.subjects) this.#ensure(subject);
      void this.#watch(connection);
    } catch (cause) {
      this.#lost(cause);
    }
  }

  async #dial(): Promise<NatsConnection> {
    const { default: nats } = await import("@nats-io/transport-node");
    const { credentials, url } = this.#options;
    const urls = url.split(",").map((one) => new URL(one));
    const [first] = urls as [URL];
    const user = decodeURIComponent(first.username);
    const pass = decodeURIComponent(first.password);
    return await nats.connect({
      servers: urls.map(({ host }) => host),
      name: "claudemesh",
      noEcho: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: retryMs,
      pingInterval: pingMs,
      maxPingOut: pingsLost,
      ignoreClusterUpdates: urls.length === 1,
      ...(first.protocol === "tls:" ? { tls: {} } : {}),
      ...(user === "" ? {} : pass === "" ? { token: user } : { user, pass }),
      ...(credentials === undefined
        ? {}
        : { authenticator: nats.credsAuthenticator(new TextEncoder().encode(credentials)) }),
    });
  }

  /** The client makes a lost connection again by itself; a closed one is begun anew here. */
  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === "disconnect") {
        this.#isUp = false;
        this.#tellLost("disconnected");
      }
      if (type === "reconnect") {
        this.#isUp = true;
        this.#wasLost = false;
        this.counts.reconnects += 1;
      }
    }
    this.#isUp = false;
    this.#subscribed.clear();
    if (!this.#isClosed) this.#lost(await connection.closed());
  }

  #ensure(subject: string): void {
    const connection = this.#connection;
    if (connection === undefined || this.#subscribed.has(subject)) return;
    const subscription = connection.subscribe(this.#prefix + subject, {
      callback: (error, message) => {
        if (error === null) this.#hear(subject, message);
      },
    });
    this.#subscribed.set(subject, subscription);
  }

  #hear(subject: string, message: Msg): void {
    const heard = message.subject.slice(this.#prefix.length);
    const payload = this.#signals.open(heard, message.data);
    if (payload === undefined) {
      this.counts.refused += 1;
      return;
    }
    this.counts.received += 1;
    this.#subscribers.handTo(subject, heard, payload);
  }

  #lost(cause: unknown): void {
    this.#connection = undefined;
    if (this.#isClosed) return;
    this.#tellLost(cause);
    this.#stopTimer = this.#options.timer.after(retryMs, () => void this.#connect());
  }

  #tellLost(cause: unknown): void {
    if (!this.#wasLost) this.#options.log("bus not reached", cause);
    this.#wasLost = true;
  }
}
