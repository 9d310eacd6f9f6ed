import type { MeshId } from "@claudemesh/protocol";

/** Carries between nodes that the log of a mesh has grown. A signal may be lost, which costs delay alone: nodes look for themselves besides. */
export interface Bus {
  moved(mesh: MeshId): void;
  onMoved(listener: (mesh: MeshId) => void): void;
  close(): Promise<void>;
}
