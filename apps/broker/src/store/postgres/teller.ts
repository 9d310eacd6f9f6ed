import type { MeshId } from "@claudemesh/protocol";
import type pg from "pg";
import type { Timer } from "../../timer.ts";
import type { LogEntry } from "../port.ts";
import { readAppended } from "./log-reader.ts";

export interface TellerOptions {
  readonly pool: pg.Pool;
  readonly timer: Timer;
  /** how often it looks for what nobody told it of */
  readonly lookMs: number;
  /** whether other nodes write to the database too */
  readonly shared: boolean;
  readonly tell: (mesh: MeshId, entries: readonly LogEntry[]) => void;
}

/** entries that are read from the log at once */
const page = 500;

/**
 * Tells of every entry of every mesh once, in order and without a gap, whoever appended it: what this process commits is told from memory when nothing is missing before it, and
 * what another node committed, or a commit whose answer was lost, is read from the log.
 */
export class Teller {
  readonly #options: TellerOptions;
  /** the last seq of each mesh that was told; what was there at the start never is */
  readonly #told: Map<MeshId, number>;
  /** meshes that are caught up with, each with the turn under way */
  readonly #catching = new Map<MeshId, Promise<void>>();
  readonly #doubtful = new Set<MeshId>();
  readonly #stopTimer: () => void;
  #looking = false;

  private constructor(options: TellerOptions, told: Map<MeshId, number>) {
    this.#options = options;
    this.#told = told;
    this.#stopTimer = options.timer.every(options.lookMs, () => void this.#look());
  }

  static async start(options: TellerOptions): Promise<Teller> {
    return new Teller(options, new Map(await heads(options.pool)));
  }

  /** To be called after each own commit, per mesh in order. */
  async committed(mesh: MeshId, entries: readonly LogEntry[]): Promise<void> {
    const next = (this.#told.get(mesh) ?? 0) + 1;
    if (this.#catching.has(mesh) || entries[0]?.seq !== next) {
      await this.catchUp(mesh);
      return;
    }
    this.#told.set(mesh, next + entries.length - 1);
    this.#options.tell(mesh, entries);
  }

  /** Tells what the log has beyond what was told. What fails is tried again later. */
  async catchUp(mesh: MeshId): Promise<void> {
    const before = this.#catching.get(mesh) ?? Promise.resolve();
    const turn = before.then(() => this.#readOn(mesh));
    this.#catching.set(mesh, turn);
    await turn;
    if (this.#catching.get(mesh) === turn) this.#catching.delete(mesh);
  }

  /** To be called when it is not known whether a commit was done. */
  async doubt(mesh: MeshId): Promise<void> {
    this.#doubtful.add(mesh);
    await this.catchUp(mesh);
  }

  stop(): void {
    this.#stopTimer();
  }

  async #readOn(mesh: MeshId): Promise<void> {
    try {
      // The lock is given once a transaction that is cut off from its process has ended, one way or the other.
      if (this.#doubtful.has(mesh)) {
        await this.#options.pool.query("SELECT 1 FROM mesh WHERE id = $1 FOR SHARE", [mesh]);
      }
      for (;;) {
        const after = this.#told.get(mesh) ?? 0;
        const query = { after, upTo: Number.MAX_SAFE_INTEGER, limit: page };
        const entries = await readAppended(this.#options.pool, mesh, query);
        const last = entries.at(-1);
        if (last !== undefined) {
          this.#told.set(mesh, last.seq);
          this.#options.tell(mesh, entries);
        }
        if (entries.length < page) break;
      }
      this.#doubtful.delete(mesh);
    } catch {
      this.#doubtful.add(mesh);
    }
  }

  /** Looks where something may be untold: alone, after a failure only; beside other nodes, at the head of every mesh. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      for (const mesh of [...this.#doubtful]) await this.catchUp(mesh);
      if (!this.#options.shared) return;
      for (const [mesh, head] of await heads(this.#options.pool)) {
        if (head > (this.#told.get(mesh) ?? 0)) await this.catchUp(mesh);
      }
    } catch {
      // The next look finds it.
    } finally {
      this.#looking = false;
    }
  }
}

async function heads(pool: pg.Pool): Promise<[MeshId, number][]> {
  const { rows } = await pool.query<{ id: MeshId; head: number }>(
    "SELECT id, head_seq AS head FROM mesh",
  );
  return rows.map(({ id, head }) => [id, head]);
}
