import { type ChainKey, KeyRing } from "@claudemesh/crypto";
import type { MeshId } from "@claudemesh/protocol";
import type { Rosters } from "../mesh-link/rosters.ts";
import type { HomeStore } from "../store/home-store.ts";
import { addRingRow, ringRows } from "../store/ring-rows.ts";

interface Built {
  readonly ring: KeyRing;
  /** the store's version when it was read: another process may have added keys since */
  readonly version: number;
}

/** The key rings of this home's meshes, built from what is stored and grown by keys that fit the chain only. */
export class Rings {
  readonly #store: HomeStore;
  readonly #rosters: Rosters;
  readonly #built = new Map<MeshId, Built>();

  constructor(store: HomeStore, rosters: Rosters) {
    this.#store = store;
    this.#rosters = rosters;
  }

  /** The keys that this home holds in a mesh. */
  of(mesh: MeshId): KeyRing {
    const version = this.#store.version();
    const built = this.#built.get(mesh);
    if (built?.version === version) return built.ring;
    const ring = KeyRing.of(this.#rosters.of(mesh), ringRows(this.#store, mesh));
    this.#built.set(mesh, { ring, version });
    return ring;
  }

  /** Stores keys of the chain; answers how many were new. Throws `bad_signature` for one that does not fit its commitment, and stores nothing then. */
  add(mesh: MeshId, keys: readonly ChainKey[]): number {
    const roster = this.#rosters.of(mesh);
    KeyRing.of(roster, keys);
    const added = this.#store.write(() => keys.filter((key) => addRingRow(this.#store, mesh, key)));
    const ring = this.of(mesh);
    for (const key of added) ring.add(key, roster);
    return added.length;
  }

  forget(mesh: MeshId): void {
    this.#built.delete(mesh);
  }
}
