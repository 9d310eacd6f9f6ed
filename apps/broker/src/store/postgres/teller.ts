import type { MeshId } from "@claudemesh/protocol";
import type pg from "pg";
import type { Timer } from "../../timer.ts";
import type { LogEntry } from "../port.ts";
import { allHeads, type Heads, movedHeads } from "./heads.ts";
import { HeldEntries } from "./held-entries.ts";
import { readAppended } from "./log-reader.ts";

export interface TellerOptions {
  readonly pool: pg.Pool;
  readonly timer: Timer;
  /** how often it looks for what nobody told it of */
  readonly lookMs: number;
  /** whether other nodes write to the database too */
  readonly shared: boolean;
  /** whether others' entries are on their way when they are not there yet, so that it is worth waiting for them; else what is missing is read at once */
  readonly expects: () => boolean;
  readonly tell: (mesh: MeshId, entries: readonly LogEntry[]) => void;
}

/** entries that are read from the log at once */
const page = 500;
const theEnd = Number.MAX_SAFE_INTEGER;
/** how long what is missing may be on its way: a signal that was overtaken comes within a few milliseconds */
const overtakenMs = 10;

/**
 * Tells of every entry of every mesh once, in order and without a gap, whoever appended it: what this process commits, and what another node says it has committed, is told from memory
 * when nothing is missing before it. Where something is, it is waited for a moment, and read from the log when it does not come; so it is where the answer to a commit was lost.
 */
export class Teller {
  readonly #options: TellerOptions;
  /** the last seq of each mesh that was told; what was there at the start never is */
  readonly #told: Map<MeshId, number>;
  /** meshes that are caught up with, each with the last turn that is due */
  readonly #catching = new Map<MeshId, Promise<void>>();
  /** turns that have not begun, which see whatever was committed until they do */
  readonly #waiting = new Map<MeshId, Promise<void>>();
  /** what has come of a mesh while it was caught up with, or before something that is missing */
  readonly #held = new HeldEntries();
  /** meshes of which something is missing, each with what ends the wait for it */
  readonly #missing = new Map<MeshId, () => void>();
  /** meshes whose next turn reads what is missing before what is held */
  readonly #overdue = new Set<MeshId>();
  /** meshes whose next turn reads up to the log's end, whatever is held */
  readonly #unread = new Set<MeshId>();
  readonly #doubtful = new Set<MeshId>();
  readonly #stopTimer: () => void;
  #horizon: number;
  #looking = false;

  private constructor(options: TellerOptions, { heads, horizon }: Heads) {
    this.#options = options;
    this.#told = new Map(heads);
    this.#horizon = horizon;
    this.#stopTimer = options.timer.every(options.lookMs, () => void this.#look());
  }

  static async start(options: TellerOptions): Promise<Teller> {
    return new Teller(options, await allHeads(options.pool));
  }

  /** To be called with what was appended, by an own commit or another node's, in whichever order that is heard. */
  take(mesh: MeshId, entries: readonly LogEntry[]): void {
    const isFree = !this.#catching.has(mesh);
    if (isFree && !this.#held.has(mesh)) {
      const rest = this.#tellNext(mesh, entries);
      if (rest.length > 0) this.#hold(mesh, rest);
    } else {
      this.#hold(mesh, entries);
    }
    if (!isFree || this.#unread.has(mesh)) void this.#nextTurn(mesh);
    else if (this.#held.has(mesh)) this.#tellHeld(mesh);
  }

  /** Tells what the log has beyond what was told. What fails is tried again later. */
  catchUp(mesh: MeshId): Promise<void> {
    this.#unread.add(mesh);
    return this.#nextTurn(mesh);
  }

  /** To be called when it is not known whether a commit was done. */
  async doubt(mesh: MeshId): Promise<void> {
    this.#doubtful.add(mesh);
    await this.catchUp(mesh);
  }

  stop(): void {
    this.#stopTimer();
    for (const end of this.#missing.values()) end();
  }

  #hold(mesh: MeshId, entries: readonly LogEntry[]): void {
    if (!this.#held.hold(mesh, entries)) this.#unread.add(mesh);
  }

  /** Tells entries, which are in order, as far as they follow what was told, without those that were told already. Answers the others: something is missing before them. */
  #tellNext(mesh: MeshId, entries: readonly LogEntry[]): readonly LogEntry[] {
    const told = this.#told.get(mesh) ?? 0;
    const news: LogEntry[] = [];
    let rest: readonly LogEntry[] = [];
    for (const [place, entry] of entries.entries()) {
      const next = told + news.length + 1;
      if (entry.seq === next) news.push(entry);
      else if (entry.seq > next) {
        rest = entries.slice(place);
        break;
      }
    }
    if (news.length > 0) {
      this.#told.set(mesh, told + news.length);
      this.#options.tell(mesh, news);
    }
    return rest;
  }

  /** Tells what is held as far as nothing is missing; for the rest it waits, or reads. */
  #tellHeld(mesh: MeshId): void {
    const rest = this.#tellNext(mesh, this.#held.take(mesh));
    if (rest.length === 0) {
      this.#waitNoMore(mesh);
      return;
    }
    this.#hold(mesh, rest);
    if (this.#unread.has(mesh)) void this.#nextTurn(mesh);
    if (this.#missing.has(mesh)) return;
    const { expects, timer } = this.#options;
    const read = () => {
      this.#missing.delete(mesh);
      this.#overdue.add(mesh);
      void this.#nextTurn(mesh);
    };
    if (expects()) this.#missing.set(mesh, timer.after(overtakenMs, read));
    else read();
  }

  #waitNoMore(mesh: MeshId): void {
    this.#missing.get(mesh)?.();
    this.#missing.delete(mesh);
    this.#overdue.delete(mesh);
  }

  /** The turn of a mesh that has not begun: tells what has come until then, and reads where that is not enough. */
  #nextTurn(mesh: MeshId): Promise<void> {
    const known = this.#waiting.get(mesh);
    if (known !== undefined) return known;
    const turn = this.#inTurn(mesh, async () => {
      this.#waiting.delete(mesh);
      if (this.#unread.delete(mesh)) {
        this.#waitNoMore(mesh);
        this.#tellNext(mesh, this.#held.take(mesh));
        await this.#readOn(mesh);
      } else if (this.#overdue.has(mesh)) await this.#readMissing(mesh);
      else this.#tellHeld(mesh);
    });
    this.#waiting.set(mesh, turn);
    return turn;
  }

  async #inTurn(mesh: MeshId, work: () => Promise<void>): Promise<void> {
    const before = this.#catching.get(mesh) ?? Promise.resolve();
    const turn = before.then(work);
    this.#catching.set(mesh, turn);
    await turn;
    if (this.#catching.get(mesh) === turn) this.#catching.delete(mesh);
  }

  /** Reads what is missing before what is held, and not that itself. */
  async #readMissing(mesh: MeshId): Promise<void> {
    this.#waitNoMore(mesh);
    let rest = this.#tellNext(mesh, this.#held.take(mesh));
    while (rest.length > 0) {
      const [{ seq }] = rest as [LogEntry];
      await this.#readOn(mesh, seq - 1);
      if ((this.#told.get(mesh) ?? 0) < seq - 1) {
        // Whoever appended it has committed before, so that the database has it: the next look reads it.
        this.#doubtful.add(mesh);
        return;
      }
      rest = this.#tellNext(mesh, rest);
    }
  }

  async #readOn(mesh: MeshId, upTo = theEnd): Promise<void> {
    try {
      // The lock is given once a transaction that is cut off from its process has ended, one way or the other.
      if (this.#doubtful.has(mesh)) {
        await this.#options.pool.query("SELECT 1 FROM mesh WHERE id = $1 FOR SHARE", [mesh]);
      }
      for (;;) {
        const after = this.#told.get(mesh) ?? 0;
        if (after >= upTo) break;
        const query = { after, upTo, limit: page };
        const entries = await readAppended(this.#options.pool, mesh, query);
        this.#tellNext(mesh, entries);
        if (entries.length < page) break;
      }
      // Short of the end, what is doubtful may lie behind.
      if (upTo === theEnd) this.#doubtful.delete(mesh);
    } catch {
      this.#doubtful.add(mesh);
    }
  }

  /** Looks where something may be untold: after a failure, and beside other nodes wherever a log has moved since the last look. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      for (const mesh of [...this.#doubtful]) await this.catchUp(mesh);
      if (!this.#options.shared) return;
      const { heads, horizon } = await movedHeads(this.#options.pool, this.#horizon);
      for (const [mesh, head] of heads) {
        if (head > (this.#told.get(mesh) ?? 0)) await this.catchUp(mesh);
      }
      this.#horizon = horizon;
    } catch {
      // The next look finds it.
    } finally {
      this.#looking = false;
    }
  }
}
