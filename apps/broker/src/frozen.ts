import { MeshError, type MeshId } from "@claudemesh/protocol";
import type { Logger } from "./logger.ts";

/** What a cursor says of a log, and where the log ends. */
export interface FreezeProof {
  readonly seq: number;
  readonly headSeq: number;
}

/** Meshes that are refused because a cursor of this broker proves that the log has lost entries. Lasts until the restart after a restore. */
export class FrozenMeshes {
  readonly #log: Logger;
  readonly #frozen = new Set<MeshId>();
  readonly #listeners = new Set<(mesh: MeshId, proof: FreezeProof) => void>();

  constructor(log: Logger) {
    this.#log = log;
  }

  onFreeze(listener: (mesh: MeshId, proof: FreezeProof) => void): void {
    this.#listeners.add(listener);
  }

  /** Refuses the mesh from now on and returns the error to answer. */
  freeze(mesh: MeshId, proof: FreezeProof): MeshError {
    if (!this.#frozen.has(mesh)) {
      this.#frozen.add(mesh);
      this.#log.error("mesh frozen: the log is not the one that cursors were given for", {
        mesh,
        cursorSeq: proof.seq,
        headSeq: proof.headSeq,
        remedy:
          "restore the data folder from a backup with claudemesh broker restore, then restart",
      });
      for (const listener of this.#listeners) listener(mesh, proof);
    }
    return mismatch(mesh);
  }

  /** Throws `log_mismatch` while the mesh is frozen. */
  require(mesh: MeshId): void {
    if (this.#frozen.has(mesh)) throw mismatch(mesh);
  }
}

const mismatch = (mesh: MeshId): MeshError =>
  new MeshError("log_mismatch", "the broker's log has lost entries that it once gave out", {
    hint: "the broker's operator must restore it; nothing that this device holds is lost",
    detail: { mesh },
  });
