import type { MeshId } from "@claudemesh/protocol";
import type pg from "pg";
import type { Timer } from "../../timer.ts";
import type { Bus } from "../bus.ts";
import { openClient } from "./connect.ts";

const channel = "claudemesh_heads";
const reconnectMs = 1_000;

export interface NotifyBusOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly timer: Timer;
}

/** The bus over LISTEN and NOTIFY, on a connection of its own: a NOTIFY inside the writers' transactions would have all commits of the database wait for each other. */
export class NotifyBus implements Bus {
  readonly #options: NotifyBusOptions;
  readonly #listeners: ((mesh: MeshId) => void)[] = [];
  readonly #unsent = new Set<MeshId>();
  #client: pg.Client | undefined;
  #sending = false;
  #closed = false;
  #stopTimer = () => {};

  private constructor(options: NotifyBusOptions) {
    this.#options = options;
  }

  static async open(options: NotifyBusOptions): Promise<NotifyBus> {
    const bus = new NotifyBus(options);
    await bus.#connect();
    return bus;
  }

  moved(mesh: MeshId): void {
    this.#unsent.add(mesh);
    if (!this.#sending) void this.#send();
  }

  onMoved(listener: (mesh: MeshId) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    await this.#client?.end().catch(() => {});
  }

  /** One statement at a time; what moved meanwhile goes along with the next. */
  async #send(): Promise<void> {
    this.#sending = true;
    while (this.#unsent.size > 0 && this.#client !== undefined) {
      const meshes = [...this.#unsent];
      this.#unsent.clear();
      const sql = "SELECT pg_notify($1, moved) FROM unnest($2::text[]) AS moved";
      // One that was lost is found by the other nodes' own look.
      await this.#client.query(sql, [channel, meshes]).catch(() => {});
    }
    this.#sending = false;
  }

  async #connect(): Promise<void> {
    const client = await openClient(this.#options);
    client.on("notification", ({ payload }) => {
      for (const listener of this.#listeners) listener(payload as MeshId);
    });
    client.on("end", () => this.#lost());
    this.#client = client;
    await client.query(`LISTEN ${channel}`);
  }

  #lost(): void {
    this.#client = undefined;
    if (this.#closed) return;
    this.#stopTimer = this.#options.timer.after(reconnectMs, () => {
      this.#connect().catch(() => this.#lost());
    });
  }
}
