import type { MeshId, MeshRecord, RecordId, RecordProof, TopicId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** A record as this home saw it last. */
export interface RecordRow {
  readonly record: MeshRecord;
  readonly proof: RecordProof;
  /** the newest write in it */
  readonly write: RecordId;
  /** writes that it saw replaced, the latest last */
  readonly past: readonly RecordId[];
  readonly seenAt: number;
}

interface Raw {
  readonly body: string;
  readonly proof: RecordProof;
  readonly write: RecordId;
  readonly past: string;
  readonly seen_at: number;
}

/** records of one noun that are kept of a mesh; what was changed longest ago goes first */
const keptMost = 20_000;
const columns = "body, proof, write, past, seen_at";

const asRow = ({ body, proof, write, past, seen_at }: Raw): RecordRow => ({
  record: JSON.parse(body) as MeshRecord,
  proof,
  write,
  past: JSON.parse(past) as RecordId[],
  seenAt: seen_at,
});

interface Place {
  readonly noun: string;
  readonly topic?: TopicId | undefined;
  readonly key: string;
}

export function recordRow(store: HomeStore, mesh: MeshId, place: Place): RecordRow | undefined {
  const row = store.get<Raw>(
    `SELECT ${columns} FROM record WHERE mesh = ? AND noun = ? AND topic = ? AND key = ?`,
    mesh,
    place.noun,
    place.topic ?? "",
    place.key,
  );
  return row && asRow(row);
}

/** Those that are not deleted, the newest change first. */
export const recordRows = (store: HomeStore, mesh: MeshId, noun: string): RecordRow[] =>
  store
    .all<Raw>(
      `SELECT ${columns} FROM record WHERE mesh = ? AND noun = ? AND status <> 'gone' ORDER BY version DESC`,
      mesh,
      noun,
    )
    .map(asRow);

/** The topics in which a noun's record of this key is known; none for what is the whole mesh's. */
export const topicsOfRecord = (
  store: HomeStore,
  mesh: MeshId,
  noun: string,
  key: string,
): TopicId[] =>
  store
    .all<{ topic: TopicId }>(
      "SELECT topic FROM record WHERE mesh = ? AND noun = ? AND key = ? AND topic <> ''",
      mesh,
      noun,
      key,
    )
    .map(({ topic }) => topic);

/** Keeps what was seen of a record. Part of the caller's transaction. */
export function putRecordRow(store: HomeStore, mesh: MeshId, row: RecordRow): void {
  const { key, noun, status, topic = "", version } = row.record;
  store.run(
    `INSERT OR REPLACE INTO record (mesh, noun, topic, key, version, status, write, past, proof, body, seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    mesh,
    noun,
    topic,
    key,
    version,
    status,
    row.write,
    JSON.stringify(row.past),
    row.proof,
    JSON.stringify(row.record),
    row.seenAt,
  );
}

/** Forgets what is over the bound. Part of the caller's transaction. */
export const boundRecords = (store: HomeStore, mesh: MeshId, noun: string): number =>
  store.run(
    `DELETE FROM record WHERE mesh = ? AND noun = ? AND version <=
       (SELECT version FROM record WHERE mesh = ? AND noun = ? ORDER BY version DESC LIMIT 1 OFFSET ?)`,
    mesh,
    noun,
    mesh,
    noun,
    keptMost,
  );

/** When the broker was last asked for a noun's records. */
export const recordsReadAt = (store: HomeStore, mesh: MeshId, noun: string): number | undefined =>
  store.get<{ at: number }>("SELECT at FROM record_read WHERE mesh = ? AND noun = ?", mesh, noun)
    ?.at;

export const markRecordsRead = (store: HomeStore, mesh: MeshId, noun: string, at: number): number =>
  store.run("INSERT OR REPLACE INTO record_read (mesh, noun, at) VALUES (?, ?, ?)", mesh, noun, at);
