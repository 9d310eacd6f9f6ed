import { entryHash, homeCheckpointKey, Roster, type Vouched } from "@claudemesh/crypto";
import { MeshError, type MeshId, type RosterEntry, type RosterHead } from "@claudemesh/protocol";
import { damaged } from "../home/versioned-json.ts";
import type { HomeStore } from "../store/home-store.ts";
import { putRosterCheckpoint, rosterCheckpoint } from "../store/roster-checkpoints.ts";
import {
  addRosterEntries,
  rosterEntries,
  rosterStretch,
  storedHead,
} from "../store/roster-entries.ts";
import { dropVouched, putVouched, vouchedOf } from "../store/roster-vouched.ts";
import { noteChangedDefaults } from "../trust/note-changed-defaults.ts";
import { noteChangedKeys } from "../trust/note-changed-keys.ts";
import { heldError } from "./held.ts";

/** entries that are verified again rather than noted, and before a join rather than behind it */
export const worthNoting = 1_000;

/** The verified chains of this home's meshes, built from what is stored and grown by verified entries only. */
export class Rosters {
  readonly #store: HomeStore;
  readonly #database: string;
  readonly #seed: () => Uint8Array;
  readonly #built = new Map<MeshId, Roster>();
  readonly #held = new Map<MeshId, NonNullable<Vouched["failed"]>>();
  /** told, within the write that stores it, of a mesh in which someone's keys were replaced */
  rekeyed: (mesh: MeshId) => void = () => {};
  /** told of a chain in memory that is yet to be verified behind an inviter's word */
  taken: (mesh: MeshId) => void = () => {};

  /** `seed` is this home's, from which the key of its checkpoints follows. */
  constructor(store: HomeStore, database: string, seed: () => Uint8Array) {
    this.#store = store;
    this.#database = database;
    this.#seed = seed;
  }

  /** A mesh's chain, up to what any process of this home has verified. Throws `home_damaged` when the stored one does not verify, `roster_fork` when the mesh is held since its past does not. */
  of(mesh: MeshId): Roster {
    const roster = this.seen(mesh);
    const failed = this.#held.get(mesh);
    if (failed !== undefined) throw heldError(failed);
    return roster;
  }

  /** As `of`, also of a mesh that is held: for what leads out of it, and says so. */
  seen(mesh: MeshId): Roster {
    const built = this.#built.get(mesh);
    if (built !== undefined && storedHead(this.#store, mesh) <= built.head.seq) return built;
    try {
      const roster = this.#extended(mesh, built);
      this.#built.set(mesh, roster);
      return roster;
    } catch (error) {
      this.#built.delete(mesh);
      if (!(error instanceof MeshError) || error.code === "upgrade_required") throw error;
      throw damaged(this.#database, `its roster of ${mesh.slice(0, 13)} does not verify`);
    }
  }

  /** Why nothing of a mesh is trusted any more; undefined where nothing is wrong. */
  heldBy(mesh: MeshId): MeshError | undefined {
    if (!this.#built.has(mesh) && storedHead(this.#store, mesh) >= 0) this.seen(mesh);
    const failed = this.#held.get(mesh);
    return failed && heldError(failed);
  }

  /** How far a chain was verified that was taken up on an inviter's word; undefined where all of it was. */
  vouched(mesh: MeshId): Vouched | undefined {
    return vouchedOf(this.#store, mesh, this.#checkpointKey);
  }

  /** Notes how far it was verified by now, or what does not hold; from then on the mesh is held. */
  noteVouched(mesh: MeshId, vouched: Vouched): void {
    putVouched(this.#store, mesh, vouched, this.#checkpointKey);
    if (vouched.failed !== undefined) this.#held.set(mesh, vouched.failed);
  }

  /** Notes that all of it was verified. */
  endVouched(mesh: MeshId, head: RosterHead): void {
    this.#store.write(() => {
      dropVouched(this.#store, mesh);
      putRosterCheckpoint(this.#store, mesh, head, this.#checkpointKey);
    });
  }

  /** At most `limit` of the entries above `after`, in order. */
  stretch(mesh: MeshId, place: { readonly after: number; readonly limit: number }) {
    return rosterStretch(this.#store, mesh, place);
  }

  /** Verifies a published stretch of the chain and stores what is new. Throws what `Roster.append` throws; all before the bad entry is kept. */
  take(mesh: MeshId, entries: readonly RosterEntry[]): number {
    const roster = this.of(mesh);
    const before = roster.head.seq;
    try {
      roster.append(entries);
    } finally {
      this.#keep(mesh, roster, entries, before);
    }
    return roster.head.seq - before;
  }

  /** The verified entries above `seq`, in order. */
  entriesAfter(mesh: MeshId, seq: number): readonly RosterEntry[] {
    return rosterEntries(this.#store, mesh, seq);
  }

  /** Takes over a chain that was verified in this process and is stored, so that it is not verified once more. */
  adopt(roster: Roster): void {
    this.#built.set(roster.mesh, roster);
    if (this.vouched(roster.mesh) === undefined) this.#note(roster, undefined);
    else this.taken(roster.mesh);
  }

  forget(mesh: MeshId): void {
    this.#built.delete(mesh);
    this.#held.delete(mesh);
  }

  #keep(mesh: MeshId, roster: Roster, entries: readonly RosterEntry[], before: number): void {
    const added = entries.filter(
      (entry) =>
        entry.seq > before &&
        entry.seq <= roster.head.seq &&
        roster.hashAt(entry.seq) === entryHash(entry),
    );
    if (added.length === 0) return;
    try {
      this.#store.write(() => {
        addRosterEntries(this.#store, mesh, added);
        noteChangedKeys(this.#store, mesh, added);
        if (added.some(({ type }) => type === "rekey")) this.rekeyed(mesh);
        noteChangedDefaults(this.#store, mesh, added);
      });
    } catch (error) {
      this.#built.delete(mesh);
      throw error;
    }
  }

  #extended(mesh: MeshId, built: Roster | undefined): Roster {
    const entries = rosterEntries(this.#store, mesh, built?.head.seq ?? -1);
    if (built !== undefined) {
      built.append(entries);
      return built;
    }
    const vouched = this.vouched(mesh);
    if (vouched !== undefined) {
      const roster = resumed(entries, vouched.head, mesh);
      if (roster !== undefined) {
        if (vouched.failed === undefined) this.taken(mesh);
        else this.#held.set(mesh, vouched.failed);
        return roster;
      }
      this.#store.write(() => dropVouched(this.#store, mesh));
    }
    if (entries.length < worthNoting) return whole(entries, mesh);
    const known = rosterCheckpoint(this.#store, mesh, this.#checkpointKey);
    const roster = (known && resumed(entries, known, mesh)) ?? whole(entries, mesh);
    this.#note(roster, known);
    return roster;
  }

  get #checkpointKey(): Uint8Array {
    return homeCheckpointKey(this.#seed());
  }

  /** Notes how far a large chain is verified, so that the next process takes it up from there; what cannot be written is left. */
  #note({ head, mesh }: Roster, before: RosterHead | undefined): void {
    if (head.seq < (before?.seq ?? 0) + worthNoting) return;
    try {
      putRosterCheckpoint(this.#store, mesh, head, this.#checkpointKey);
    } catch {
      // The next process verifies it all again.
    }
  }
}

function whole([genesis, ...rest]: readonly RosterEntry[], mesh: MeshId): Roster {
  if (genesis === undefined) throw new MeshError("malformed", "there is no genesis");
  const roster = Roster.fromGenesis(genesis, mesh);
  roster.append(rest);
  return roster;
}

/** A chain from where it was verified before; undefined where the stored one has ended otherwise since, as after a restore of the broker. */
function resumed(
  entries: readonly RosterEntry[],
  known: RosterHead,
  mesh: MeshId,
): Roster | undefined {
  try {
    return Roster.resume(entries, known, mesh);
  } catch (error) {
    if (error instanceof MeshError && error.code === "roster_fork") return undefined;
    throw error;
  }
}
