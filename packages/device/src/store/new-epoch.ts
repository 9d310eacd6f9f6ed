import type { MeshId, MessageId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";
import type { OutboxRow } from "./outbox-rows.ts";

export interface NewEpoch {
  readonly epoch: string;
  /** up to which seq the log still says what it said */
  readonly base: number;
  /** since when a broker may still keep what is for one, for many, and in a topic: ms since the Unix epoch */
  readonly since: { readonly direct: number; readonly shared: number; readonly topic: number };
}

/** Notes the epoch of a log that this home dials for the first time; false where it knows another, or none. */
export const knowsEpoch = (store: HomeStore, mesh: MeshId, epoch: string): boolean =>
  store.run(
    "UPDATE membership SET log_epoch = coalesce(log_epoch, ?) WHERE mesh = ? AND coalesce(log_epoch, ?) = ?",
    epoch,
    mesh,
    epoch,
    epoch,
  ) > 0;

/**
 * Goes over to another epoch of a mesh's log: places above its base are worth nothing any more, and what the broker may lack is marked to be handed over again. Part of the
 * caller's transaction.
 */
export function beginEpoch(
  store: HomeStore,
  mesh: MeshId,
  { epoch, base, since }: NewEpoch,
): number {
  store.run("UPDATE membership SET log_epoch = ?, restate = 1 WHERE mesh = ?", epoch, mesh);
  store.run("UPDATE roster_entry SET log_seq = NULL WHERE mesh = ? AND log_seq > ?", mesh, base);
  store.run(
    "UPDATE topic SET floor = NULL, marker = min(marker, ?) WHERE mesh = ?",
    ...[base, mesh],
  );
  // What was read counts as read wherever it comes to stand.
  store.run(
    "UPDATE inbox SET seq = ? WHERE mesh = ? AND seq > ? AND handed_at IS NOT NULL",
    ...[base, mesh, base],
  );
  store.run("DELETE FROM post_closed WHERE mesh = ? AND seq > ?", mesh, base);
  store.run("DELETE FROM record WHERE mesh = ? AND version > ?", mesh, base);
  store.run("UPDATE invite_made SET epoch = -1 WHERE mesh = ?", mesh);
  return store.run(
    `UPDATE outbox SET repeat = 1, attempts = 0
     WHERE mesh = ?1 AND state <> 'queued' AND envelope IS NOT NULL AND seq IS NOT NULL
       AND created_at > CASE WHEN audience IS NULL THEN ?2 WHEN audience LIKE 't:%' THEN ?3 ELSE ?4 END
       AND (seq > ?5 OR (audience IS NULL AND state = 'accepted'))`,
    ...[mesh, since.direct, since.topic, since.shared, base],
  );
}

/** What a restored broker may lack, in the order in which it was written. */
export const nextRepeated = (
  store: HomeStore,
  mesh: MeshId,
  after: number,
): OutboxRow | undefined =>
  store.get<OutboxRow>(
    "SELECT * FROM outbox WHERE mesh = ? AND repeat = 1 AND position > ? ORDER BY position LIMIT 1",
    mesh,
    after,
  );

/** The broker has it again, as this entry, or will never take it. */
export const endRepeat = (store: HomeStore, id: MessageId, seq: number | null): number =>
  store.run("UPDATE outbox SET repeat = 0, seq = coalesce(?, seq) WHERE id = ?", seq, id);

/** The broker may take it later, when others have brought back what it stands on. Answers how often it was tried. */
export const postponeRepeat = (store: HomeStore, id: MessageId): number =>
  store.get<{ attempts: number }>(
    "UPDATE outbox SET attempts = attempts + 1 WHERE id = ? RETURNING attempts",
    id,
  )?.attempts ?? 0;

/** What this member has said of itself was said again. */
export const endRestate = (store: HomeStore, mesh: MeshId): number =>
  store.run("UPDATE membership SET restate = 0 WHERE mesh = ?", mesh);
