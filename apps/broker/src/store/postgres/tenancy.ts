import { MeshError } from "@claudemesh/protocol";
import type pg from "pg";
import type { Timer } from "../../timer.ts";
import { openClient } from "./connect.ts";

/** The lock that one broker holds as long as it uses the database. */
const used = 7_214_903;
const retryMs = 500;

export interface TenancyOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly timer: Timer;
  readonly log: (event: string, cause: unknown) => void;
}

/** That this process alone uses the database, on a connection of its own: the server drops the lock with it. While the connection is being made anew, nothing is written. */
export class Tenancy {
  readonly #options: TenancyOptions;
  #client: pg.Client | undefined;
  #closed = false;
  #isAway = false;
  #stopTimer = () => {};

  private constructor(options: TenancyOptions) {
    this.#options = options;
  }

  /** Throws `in_use` when another broker has the database. */
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
    const { rows } = await client.query<{ taken: boolean }>(
      "SELECT pg_try_advisory_lock($1) AS taken",
      [used],
    );
    if (rows[0]?.taken !== true || this.#closed) {
      await client.end().catch(() => {});
      throw new MeshError("in_use", "another broker uses this database");
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
