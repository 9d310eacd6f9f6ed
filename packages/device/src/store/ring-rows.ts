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
