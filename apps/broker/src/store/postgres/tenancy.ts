import { MeshError } from "@claudemesh/protocol";
import type pg from "pg";
import type { Timer } from "../../timer.ts";
import { openClient } from "./connect.ts";

/** The lock that brokers share as long as they use the database, and that work which needs it alone holds by itself. */
const used = 7_214_903;
const retryMs = 500;

export interface TenancyOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly timer: Timer;
  /** beside other nodes; otherwise alone */
  readonly shared: boolean;
  readonly log: (event: string, cause: unknown) => void;
}

/** That this process uses the database, alone or as one of its nodes, on a connection of its own: the server drops the lock with it. While the connection is being made anew, nothing is written. */
export class Tenancy {
  readonly #options: TenancyOptions;
  #client: pg.Client | undefined;
  #closed = false;
  #isAway = false;
  #stopTimer = () => {};

  private constructor(options: TenancyOptions) {
    this.#options = options;
  }

  /** Throws `in_use` when another process has the database in a way that excludes this one. */
  static async take(options: TenancyOptions): Promise<Tenancy> {
    const tenancy = new Tenancy(options);
    await tenancy.#acquire();
    return tenancy;
  }

  /** Throws `unavailable` while the lock is not held. */
  require(): void {
    if (this.#client === undefined) {
      throw new MeshError("unavailable", "the connection to the database was lost");
    }
  }

  async release(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    await this.#client?.end().catch(() => {});
  }

  async #acquire(): Promise<void> {
    const client = await openClient(this.#options);
    const { shared } = this.#options;
    try {
      const lock = shared ? "pg_try_advisory_lock_shared" : "pg_try_advisory_lock";
      const sql = `SELECT ${lock}($1) AS taken`;
      const { rows } = await client.query<{ taken: boolean }>(sql, [used]);
      if (rows[0]?.taken !== true || this.#closed) throw inUse(shared);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    client.once("end", () => this.#lost());
    this.#client = client;
    this.#isAway = false;
  }

  #lost(): void {
    this.#client = undefined;
    if (this.#closed) return;
    this.#stopTimer = this.#options.timer.after(retryMs, () => {
      this.#acquire().catch((cause: unknown) => {
        if (!this.#isAway) this.#options.log("database not reached", cause);
        this.#isAway = true;
        this.#lost();
      });
    });
  }
}

const inUse = (shared: boolean): MeshError =>
  shared
    ? new MeshError("in_use", "work that needs the database alone is under way")
    : new MeshError("in_use", "a broker uses this database");
