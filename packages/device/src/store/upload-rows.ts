import type { FileId, Hash, MemberId, MeshId, TopicId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** A file that waits to be uploaded, or is on its way. */
export interface UploadRow {
  readonly id: FileId;
  readonly mesh: MeshId;
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  /** tells one state of the file from another */
  readonly stamp: string;
  readonly key: string;
  readonly header: string;
  /** JSON */
  readonly tags: string;
  /** JSON array of members that it is sealed to; null for a topic or the mesh */
  readonly recipients: string | null;
  /** null without recipients is everyone */
  readonly topic: TopicId | null;
  readonly ephemeral_ms: number | null;
  /** why it is not tried again by itself */
  readonly failed: string | null;
  readonly at: number;
}

export const recipientsOf = ({ recipients }: UploadRow): MemberId[] | undefined =>
  recipients === null ? undefined : (JSON.parse(recipients) as MemberId[]);

export function addUpload(store: HomeStore, row: Omit<UploadRow, "failed">): void {
  store.run(
    `INSERT INTO upload (id, mesh, path, name, bytes, stamp, key, header, tags, recipients, topic, ephemeral_ms, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[row.id, row.mesh, row.path, row.name, row.bytes, row.stamp, row.key, row.header, row.tags],
    ...[row.recipients, row.topic, row.ephemeral_ms, row.at],
  );
}

/** What waits in a mesh, or everywhere, the oldest first. */
export const uploadRows = (store: HomeStore, mesh?: MeshId): UploadRow[] =>
  store.all<UploadRow>(
    "SELECT * FROM upload WHERE ?1 IS NULL OR mesh = ?1 ORDER BY at, id",
    mesh ?? null,
  );

/** The same file for the same people that waits already. */
export const sameUpload = (
  store: HomeStore,
  row: Pick<
    UploadRow,
    "mesh" | "path" | "stamp" | "tags" | "recipients" | "topic" | "ephemeral_ms"
  >,
): UploadRow | undefined =>
  store.get<UploadRow>(
    `SELECT * FROM upload WHERE mesh = ? AND path = ? AND stamp = ? AND tags = ? AND recipients IS ?
       AND topic IS ? AND ephemeral_ms IS ?`,
    ...[row.mesh, row.path, row.stamp, row.tags, row.recipients, row.topic, row.ephemeral_ms],
  );

export function failUpload(store: HomeStore, id: FileId, why: string | null): void {
  store.run("UPDATE upload SET failed = ? WHERE id = ?", why, id);
}

export function dropUpload(store: HomeStore, id: FileId): void {
  store.run("DELETE FROM upload_part WHERE upload = ?", id);
  store.run("DELETE FROM upload WHERE id = ?", id);
}

/** The digest of the ciphertext up to a part's end, noted before that part may leave; answers the one that was noted first. */
export function notePart(store: HomeStore, upload: FileId, part: number, digest: Hash): string {
  store.run(
    "INSERT OR IGNORE INTO upload_part (upload, part, digest) VALUES (?, ?, ?)",
    upload,
    part,
    digest,
  );
  const row = store.get<{ digest: string }>(
    "SELECT digest FROM upload_part WHERE upload = ? AND part = ?",
    upload,
    part,
  );
  return row?.digest ?? "";
}
