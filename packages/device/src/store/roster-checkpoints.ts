import { checkpointAt, isOwnCheckpoint, type RosterCheckpoint } from "@claudemesh/crypto";
import type { MeshId, RosterHead } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** Up to where this home has verified a mesh's chain; undefined where it noted nothing under this key. */
export function rosterCheckpoint(
  store: HomeStore,
  mesh: MeshId,
  key: Uint8Array,
): RosterHead | undefined {
  const row = store.get<RosterCheckpoint>(
    "SELECT seq, hash, mac FROM roster_checkpoint WHERE mesh = ?",
    mesh,
  );
  return row && isOwnCheckpoint(key, mesh, row) ? row : undefined;
}

/** Notes how far a chain was verified. */
export function putRosterCheckpoint(
  store: HomeStore,
  mesh: MeshId,
  head: RosterHead,
  key: Uint8Array,
): void {
  const { seq, hash, mac } = checkpointAt(key, mesh, head);
  store.write(() =>
    store.run(
      "INSERT INTO roster_checkpoint (mesh, seq, hash, mac) VALUES (?, ?, ?, ?) ON CONFLICT (mesh) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, mac = excluded.mac",
      mesh,
      seq,
      hash,
      mac,
    ),
  );
}
