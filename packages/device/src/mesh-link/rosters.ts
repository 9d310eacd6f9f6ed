import { entryHash, Roster } from "@claudemesh/crypto";
import { MeshError, type MeshId, type RosterEntry } from "@claudemesh/protocol";
import { damaged } from "../home/versioned-json.ts";
import type { HomeStore } from "../store/home-store.ts";
import { addRosterEntries, rosterEntries, storedHead } from "../store/roster-entries.ts";
import { noteChangedDefaults } from "../trust/note-changed-defaults.ts";
import { noteChangedKeys } from "../trust/note-changed-keys.ts";

/** The verified chains of this home's meshes, built from what is stored and grown by verified entries only. */
export class Rosters {
  readonly #store: HomeStore;
  readonly #database: string;
  readonly #built = new Map<MeshId, Roster>();
  /** told, within the write that stores it, of a mesh in which someone's keys were replaced */
  rekeyed: (mesh: MeshId) => void = () => {};

  constructor(store: HomeStore, database: string) {
    this.#store = store;
    this.#database = database;
  }

  /** A mesh's chain, up to what any process of this home has verified. Throws `home_damaged` when the stored one does not verify. */
  of(mesh: MeshId): Roster {
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

  /** Takes over a chain that was verified in this process and is stored, so that it is not verified once more. */
  adopt(roster: Roster): void {
    this.#built.set(roster.mesh, roster);
  }

  forget(mesh: MeshId): void {
    this.#built.delete(mesh);
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
    const [genesis, ...rest] = entries;
    if (genesis === undefined) throw new MeshError("malformed", "there is no genesis");
    const roster = Roster.fromGenesis(genesis, mesh);
    roster.append(rest);
    return roster;
  }
}
