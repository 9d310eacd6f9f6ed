import type { ChainKey } from "@claudemesh/crypto";
import type { MeshId, TopicId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** Every mesh and topic key that this home holds of a mesh. Each was checked against the chain before it was stored. */
export const ringRows = (store: HomeStore, mesh: MeshId): ChainKey[] => [
  ...store
    .all<{ epoch: number; key: string }>("SELECT epoch, key FROM ring WHERE mesh = ?", mesh)
    .map(({ epoch, key }) => ({ epoch, key })),
  ...store
    .all<{ topic: TopicId; version: number; key: string }>(
      "SELECT topic, version, key FROM topic_ring WHERE mesh = ?",
      mesh,
    )
    .map(({ topic, version, key }) => ({ topic, version, key })),
];

/** Keeps a key of the chain; answers false for one that is here already. */
export const addRingRow = (store: HomeStore, mesh: MeshId, key: ChainKey): boolean =>
  ("epoch" in key
    ? store.run(
        "INSERT OR IGNORE INTO ring (mesh, epoch, key) VALUES (?, ?, ?)",
        mesh,
        key.epoch,
        key.key,
      )
    : store.run(
        "INSERT OR IGNORE INTO topic_ring (mesh, topic, version, key) VALUES (?, ?, ?, ?)",
        mesh,
        key.topic,
        key.version,
        key.key,
      )) > 0;

/** Forgets the keys that a part of the chain began which is not this home's any more; part of the caller's transaction. */
export function dropRingAbove(
  store: HomeStore,
  mesh: MeshId,
  newest: { readonly epoch: number; readonly topics: ReadonlyMap<TopicId, number> },
): void {
  store.run("DELETE FROM ring WHERE mesh = ? AND epoch > ?", mesh, newest.epoch);
  for (const row of ringRows(store, mesh)) {
    if ("epoch" in row || row.version <= (newest.topics.get(row.topic) ?? -1)) continue;
    store.run(
      "DELETE FROM topic_ring WHERE mesh = ? AND topic = ? AND version = ?",
      ...[mesh, row.topic, row.version],
    );
  }
  store.run("DELETE FROM key_asked WHERE mesh = ?", mesh);
}
