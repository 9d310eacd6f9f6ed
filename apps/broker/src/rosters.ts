import { bundleRecipients, entryHash, Roster, startedCommitment } from "@claudemesh/crypto/verify";
import {
  type Hash,
  limits,
  type MemberId,
  MeshError,
  type MeshId,
  type Profile,
  type RosterEntry,
  type RosterHead,
} from "@claudemesh/protocol";
import type { FrozenMeshes } from "./frozen.ts";
import type { RosterCheckpoints } from "./roster-checkpoints.ts";
import { inLane, isBarrier, placeOf, type RosterSlot, standsElsewhere } from "./roster-slot.ts";
import { RosterTurns } from "./roster-turns.ts";
import type { KeyBegin, LogEntry, RosterAppend, Store, StoreWrites } from "./store/port.ts";
import type { InviteGives } from "./store/roster-port.ts";
import type { Timer } from "./timer.ts";

export interface RosterOptions {
  readonly store: Store;
  readonly frozen: FrozenMeshes;
  readonly checkpoints: Pick<RosterCheckpoints, "keep" | "of">;
  readonly now: () => number;
  readonly timer: Timer;
  readonly most: number;
  readonly sharedTtlMs: number;
  /** whether anyone here is told of changes of a mesh, so that its chain is followed though it is not in memory */
  readonly isWatched: (mesh: MeshId) => boolean;
}

export interface AppendRequest {
  readonly mesh: MeshId;
  readonly entry: RosterEntry;
  readonly connection: string;
  /** the writes of the call, by which the audit chain knows it */
  readonly write?: Pick<StoreWrites, "appendRoster">;
  /** asked before every attempt, under the chain's lock; throws to refuse */
  readonly require?: (roster: Roster) => void;
  readonly profile?: { readonly statement: Profile; readonly hash: Hash };
  readonly welcome?: InviteGives;
  /** after a restore: what the log had before, taken without the checks of time and keys that it passed then; or the owner's word */
  readonly restored?: RosterAppend["restored"];
}

export interface Appended {
  readonly roster: Roster;
  /** the entry's place in the log */
  readonly logSeq: number;
  readonly repeated: boolean;
}

/** what a conflicted author is told of the chain at most */
const newsItems = 200;

/** Verified chains, loaded on demand, and the one way to append to them. */
export class Rosters {
  /** How many are in memory. */
  get size(): number {
    return this.#loaded.size;
  }

  readonly #options: RosterOptions;
  readonly #slots = new Map<MeshId, Promise<RosterSlot | undefined>>();
  readonly #loaded = new Map<MeshId, RosterSlot>();
  readonly #listeners = new Set<(roster: Roster, entry: RosterEntry) => void>();
  #stopped = false;

  constructor(options: RosterOptions) {
    this.#options = options;
    options.store.onAppend((mesh, entries) => {
      for (const entry of entries) if (entry.kind === "roster") void this.#follow(mesh, entry);
    });
  }

  /** The verified chain of a mesh, undefined when there is no such mesh. Throws `log_mismatch` while the mesh is frozen. */
  async find(mesh: MeshId): Promise<Roster | undefined> {
    return this.loaded(mesh) ?? (await this.#slot(mesh))?.roster;
  }

  /** As `find`, of what is in memory already. */
  loaded(mesh: MeshId): Roster | undefined {
    this.#options.frozen.require(mesh);
    return this.#loaded.get(mesh)?.roster;
  }

  /** As `find`; throws `not_found`. */
  async open(mesh: MeshId): Promise<Roster> {
    const roster = await this.find(mesh);
    if (roster === undefined) throw noMesh(mesh);
    return roster;
  }

  /** Takes in what other nodes have appended, before this one was told of it. */
  async refresh(mesh: MeshId): Promise<void> {
    const slot = await this.#slot(mesh);
    if (slot === undefined) return;
    slot.refreshing ??= inLane(slot, () => this.#catchUp(slot)).finally(() => {
      slot.refreshing = undefined;
    });
    await slot.refreshing;
  }

  onChange(listener: (roster: Roster, entry: RosterEntry) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Checks and appends an entry; a repeat of what is in the chain answers as the first time. Throws `roster_conflict`, with head and news in
   * its detail, when the author must sign again, `clock_skew`, and what the check refuses.
   */
  async append(request: AppendRequest): Promise<Appended> {
    this.#options.frozen.require(request.mesh);
    const slot = await this.#slot(request.mesh);
    if (slot === undefined) throw noMesh(request.mesh);
    const { entry, connection, restored } = request;
    let result: Appended | undefined;
    const attempt = async () => {
      result = await inLane(slot, () => this.#attempt(slot, request));
      return result !== undefined;
    };
    slot.busy += 1;
    try {
      // What the log had before waits for nobody's turn: no author stands behind it. Another node may have taken it meanwhile, which the second look finds.
      const done =
        restored === "repeats"
          ? (await attempt()) || (await attempt())
          : await slot.turns.run({ ...placeOf(entry), connection, attempt });
      if (done && result !== undefined) return result;
    } finally {
      slot.busy -= 1;
    }
    if (this.#stopped) throw new MeshError("unavailable", "the broker stops");
    throw await this.#conflict(slot.roster, entry);
  }

  /** Gives up the places of a connection that has ended. */
  leave(mesh: MeshId | undefined, connection: string): void {
    const slots = mesh === undefined ? [...this.#loaded.values()] : [this.#loaded.get(mesh)];
    for (const slot of slots) slot?.turns.leave(connection);
  }

  stop(): void {
    this.#stopped = true;
    for (const slot of this.#loaded.values()) slot.turns.stop();
  }

  async #attempt(slot: RosterSlot, request: AppendRequest): Promise<Appended | undefined> {
    const { store, now, sharedTtlMs } = this.#options;
    const { mesh, entry, profile, restored, welcome } = request;
    const { roster } = slot;
    if (roster.hashAt(entry.seq) === entryHash(entry)) {
      const logSeq = (await store.read.rosterLogSeq(mesh, entry.seq)) ?? 0;
      return { roster, logSeq, repeated: true };
    }
    // Its author has seen more than this node has been told of.
    if (entry.seq > roster.head.seq + 1) await this.#catchUp(slot);
    request.require?.(roster);
    const at = now();
    const repeats = restored === "repeats";
    if (!repeats) requireClose(entry.at, at);
    let hash: Hash;
    try {
      hash = roster.check(entry);
    } catch (error) {
      if (standsElsewhere(error)) return undefined;
      throw error;
    }
    const barrier = isBarrier(entry, roster.memberByKey(entry.author)?.id);
    const begun = keyBegun(roster, entry, at, sharedTtlMs);
    // Its bundle was whole when it was first taken; who lacks the key now asks those who have it.
    const begins = repeats && begun ? { ...begun, covers: [] } : begun;
    const outcome = await (request.write ?? store.write).appendRoster({
      mesh,
      entry,
      hash,
      barrier,
      at,
      expiresAt: at + sharedTtlMs,
      profile,
      welcome,
      begins,
      restored,
    });
    if (outcome.result === "conflict") {
      await this.#catchUp(slot);
      return undefined;
    }
    if (outcome.result === "uncovered") throw uncoveredBy(outcome.missing);
    if (outcome.result === "unconfirmed") throw unconfirmed(roster);
    if (outcome.result === "confirmed") throw notRestored();
    roster.apply(entry);
    this.#tell(roster, entry);
    return { roster, logSeq: outcome.seq, repeated: false };
  }

  async #conflict(roster: Roster, entry: RosterEntry): Promise<MeshError> {
    const after = Math.max(-1, entry.seq - 1);
    const items = await this.#options.store.read.roster(roster.mesh, after, newsItems);
    const head: RosterHead = roster.head;
    return new MeshError("roster_conflict", `the roster is at entry ${head.seq} by now`, {
      detail: { head, items },
    });
  }

  #slot(mesh: MeshId): Promise<RosterSlot | undefined> {
    const known = this.#slots.get(mesh);
    if (known !== undefined) {
      this.#slots.delete(mesh);
      this.#slots.set(mesh, known);
      return known;
    }
    const loading = this.#load(mesh);
    this.#slots.set(mesh, loading);
    const forget = () => {
      if (this.#slots.get(mesh) === loading) this.#slots.delete(mesh);
    };
    loading.then((slot) => {
      if (slot === undefined) forget();
      else this.#keep(mesh, slot);
    }, forget);
    return loading;
  }

  #keep(mesh: MeshId, slot: RosterSlot): void {
    this.#loaded.set(mesh, slot);
    for (const id of this.#slots.keys()) {
      if (this.#loaded.size <= this.#options.most) return;
      const old = this.#loaded.get(id);
      if (id === mesh || old === undefined || old.busy > 0 || !old.turns.idle) continue;
      this.#loaded.delete(id);
      this.#slots.delete(id);
    }
  }

  async #load(mesh: MeshId): Promise<RosterSlot | undefined> {
    const [genesis] = await this.#options.store.read.roster(mesh, -1, 1);
    if (genesis === undefined) return undefined;
    const roster = await this.#verified(genesis, mesh);
    const { timer } = this.#options;
    const turns = new RosterTurns({ timer, turnMs: limits.rosterTurnMs });
    return { roster, turns, lane: Promise.resolve(), refreshing: undefined, busy: 0 };
  }

  /** What does not verify here is damage of the store, not a fault of the caller's. */
  async #verified(genesis: RosterEntry, mesh: MeshId): Promise<Roster> {
    const { checkpoints } = this.#options;
    const known = checkpoints.of(mesh);
    try {
      const roster = (await this.#resumed(mesh, known)) ?? Roster.fromGenesis(genesis, mesh);
      await this.#extend(roster);
      checkpoints.keep(mesh, roster.head, known);
      return roster;
    } catch (cause) {
      throw new Error(`the stored roster of ${mesh} does not verify`, { cause });
    }
  }

  /** A chain as far as it was verified before; undefined where that is not known, or the store has another one by now. */
  async #resumed(mesh: MeshId, known: RosterHead | undefined): Promise<Roster | undefined> {
    if (known === undefined) return undefined;
    const entries: RosterEntry[] = [];
    const page: number = limits.rosterPage;
    while (entries.length <= known.seq) {
      const items = await this.#options.store.read.roster(mesh, entries.length - 1, page);
      if (items.length === 0) return undefined;
      entries.push(...items);
    }
    try {
      return Roster.resume(entries.slice(0, known.seq + 1), known, mesh);
    } catch {
      return undefined;
    }
  }

  /** Answers what is new. */
  async #extend(roster: Roster): Promise<RosterEntry[]> {
    const news: RosterEntry[] = [];
    const page: number = limits.rosterPage;
    for (let size = page; size === page; ) {
      const items = await this.#options.store.read.roster(roster.mesh, roster.head.seq, page);
      size = items.length;
      roster.append(items);
      news.push(...items);
    }
    return news;
  }

  /** Extends a chain by what others appended, and tells of it. Within the lane only. */
  async #catchUp({ roster }: RosterSlot): Promise<void> {
    for (const entry of await this.#extend(roster)) this.#tell(roster, entry);
  }

  /** Takes in an entry of the log that another node may have appended. What is not in memory, and watched by nobody, is read when it is needed. */
  async #follow(mesh: MeshId, { id, body }: LogEntry): Promise<void> {
    const isKnown = this.#slots.has(mesh);
    if (this.#stopped || body === null || (!isKnown && !this.#options.isWatched(mesh))) return;
    const entry = JSON.parse(body) as RosterEntry;
    try {
      const slot = await this.#slot(mesh);
      if (slot === undefined) return;
      if (!isKnown) this.#tell(slot.roster, entry);
      await inLane(slot, async () => {
        if (slot.roster.hashAt(entry.seq) !== id) await this.#catchUp(slot);
      });
    } catch {
      // Whoever needs the chain next reads it, and is told why it cannot be read.
      this.#slots.delete(mesh);
      this.#loaded.delete(mesh);
    }
  }

  #tell(roster: Roster, entry: RosterEntry): void {
    for (const listener of this.#listeners) listener(roster, entry);
  }
}

const dayMs = 24 * 3_600_000;

/** The key that an entry begins, whom its bundle must cover, and how long what was sealed under the one before is kept. */
function keyBegun(
  roster: Roster,
  entry: RosterEntry,
  at: number,
  sharedTtlMs: number,
): KeyBegin | undefined {
  const commitment = startedCommitment(entry);
  if (commitment === undefined) return undefined;
  return {
    commitment,
    topic: entry.type === "topic_key" ? entry.body.topic : undefined,
    covers: bundleRecipients(roster, entry),
    beforeOverAt: at + Math.max(sharedTtlMs, roster.policy.retentionDays * dayMs),
  };
}

const uncoveredBy = (missing: readonly MemberId[]): MeshError =>
  new MeshError(
    "malformed",
    `entry: the bundle of the key that it begins has no row for ${missing.length} of the members`,
    { detail: { reason: "uncovered", missing: missing.slice(0, limits.keyRows) } },
  );

/** What everyone is told who would change the roster of a restored mesh before an owner has confirmed it. */
const unconfirmed = (roster: Roster): MeshError =>
  new MeshError(
    "log_mismatch",
    `the broker was restored from a backup, and no owner has confirmed the roster that it goes on from, which ends at entry ${roster.head.seq}`,
    {
      hint: "messages go on; once the devices of its admins have been online, an owner runs: claudemesh mesh confirm",
      detail: { reason: "restored", head: roster.head },
    },
  );

/** What one is told who brings what only a restored mesh takes. */
export const notRestored = (): MeshError =>
  new MeshError(
    "conflict",
    "mesh: it was not restored from a backup, or an owner has confirmed its roster since",
  );

const noMesh = (mesh: MeshId) => new MeshError("not_found", `this broker has no mesh ${mesh}`);

/** Throws `clock_skew` unless a statement's time is close to the broker's. */
export function requireClose(at: number, now: number): void {
  if (Math.abs(at - now) <= limits.clockSkewMs) return;
  const seconds = Math.round(Math.abs(at - now) / 1000);
  throw new MeshError("clock_skew", `the clock differs from the broker's by ${seconds} seconds`, {
    detail: { serverTime: now },
  });
}
