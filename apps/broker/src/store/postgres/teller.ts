import type { MeshId } from "@claudemesh/protocol";
import type pg from "pg";
import type { Timer } from "../../timer.ts";
import type { LogEntry } from "../port.ts";
import { allHeads, type Heads, movedHeads } from "./heads.ts";
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
/** text of all entries that were heard and wait for a turn; more are read from the log */
const heardChars = 8 << 20;
/** what an entry counts for besides its body */
const flatChars = 512;

/**
 * Tells of every entry of every mesh once, in order and without a gap, whoever appended it: what this process commits, and what another node says it has committed, is told from memory
 * when nothing is missing before it. Where something is, or the answer to a commit was lost, the log is read.
 */
export class Teller {
  readonly #options: TellerOptions;
  /** the last seq of each mesh that was told; what was there at the start never is */
  readonly #told: Map<MeshId, number>;
  /** meshes that are caught up with, each with the last turn that is due */
  readonly #catching = new Map<MeshId, Promise<void>>();
  /** turns that have not begun, which see whatever was committed until they do */
  readonly #waiting = new Map<MeshId, Promise<void>>();
  /** what was heard of a mesh while it was caught up with, or before something that is missing */
  readonly #heard = new Map<MeshId, LogEntry[]>();
  #heardChars = 0;
  /** meshes whose next turn reads, whatever was heard */
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

  /** To be called after each own commit, per mesh in order. What others appended before it is told from what was heard, or read; its own is not read. */
  async committed(mesh: MeshId, entries: readonly LogEntry[]): Promise<void> {
    if (!this.#catching.has(mesh) && this.#tellNext(mesh, entries)) return;
    await this.#inTurn(mesh, async () => {
      const first = entries[0]?.seq ?? 0;
      const before = this.#heard.get(mesh)?.filter(({ seq }) => seq < first) ?? [];
      if (this.#tellNext(mesh, [...inOrder(before), ...entries])) return;
      await this.#readOn(mesh, first - 1);
      if (!this.#tellNext(mesh, entries)) this.#doubtful.add(mesh);
    });
  }

  /** To be called with what another node has committed, in whichever order that is heard. */
  heard(mesh: MeshId, entries: readonly LogEntry[]): void {
    if (!this.#catching.has(mesh) && this.#tellNext(mesh, entries)) return;
    if (this.#heardChars < heardChars) {
      this.#heard.set(mesh, [...(this.#heard.get(mesh) ?? []), ...entries]);
      this.#heardChars += charsIn(entries);
    } else this.#unread.add(mesh);
    void this.#nextTurn(mesh);
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
  }

  /** Tells entries, which are in order, as far as they follow what was told, without those that were told already; false where something is missing before one. */
  #tellNext(mesh: MeshId, entries: readonly LogEntry[]): boolean {
    const told = this.#told.get(mesh) ?? 0;
    const news: LogEntry[] = [];
    let isWhole = true;
    for (const entry of entries) {
      const next = told + news.length + 1;
      if (entry.seq === next) news.push(entry);
      else if (entry.seq > next) {
        isWhole = false;
        break;
      }
    }
    if (news.length > 0) {
      this.#told.set(mesh, told + news.length);
      this.#options.tell(mesh, news);
    }
    return isWhole;
  }

  /** The turn of a mesh that has not begun: tells what was heard until then, and reads where that is not enough. */
  #nextTurn(mesh: MeshId): Promise<void> {
    const known = this.#waiting.get(mesh);
    if (known !== undefined) return known;
    const turn = this.#inTurn(mesh, async () => {
      this.#waiting.delete(mesh);
      const heard = this.#heard.get(mesh) ?? [];
      this.#heard.delete(mesh);
      this.#heardChars -= charsIn(heard);
      const isRead = this.#unread.delete(mesh);
      if (!this.#tellNext(mesh, inOrder(heard)) || isRead) await this.#readOn(mesh);
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

  async #readOn(mesh: MeshId, upTo = Number.MAX_SAFE_INTEGER): Promise<void> {
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
      this.#doubtful.delete(mesh);
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

const inOrder = (entries: readonly LogEntry[]): LogEntry[] =>
  entries.toSorted((a, b) => a.seq - b.seq);

const charsIn = (entries: readonly LogEntry[]): number =>
  entries.reduce((sum, { body }) => sum + flatChars + (body?.length ?? 0), 0);
