import type { MeshId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";
import type { OutboxRow } from "./outbox-rows.ts";

/** What was sent from here and will never arrive; what a device says to another is left out. */
const dead = `FROM outbox WHERE state IN ('expired', 'refused', 'undeliverable', 'void')
  AND subtype IS NOT 'loop_stopped' AND mesh IN (SELECT value FROM json_each(?))`;

/** The latest first. */
export const deadRows = (store: HomeStore, meshes: readonly MeshId[], limit: number): OutboxRow[] =>
  store.all<OutboxRow>(
    `SELECT * ${dead} ORDER BY updated_at DESC, position DESC LIMIT ?`,
    JSON.stringify(meshes),
    limit,
  );

export const deadCount = (store: HomeStore, meshes: readonly MeshId[]): number =>
  store.get<{ count: number }>(`SELECT count(*) AS count ${dead}`, JSON.stringify(meshes))?.count ??
  0;
