import type { MemberId, MessageId, MessageState } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** How far a message to many is with one of its readers, by that reader's signed word. */
export interface ReaderRow {
  readonly message: MessageId;
  readonly member: MemberId;
  readonly state: MessageState;
  readonly way: string | null;
  readonly reason: string | null;
  readonly at: number;
}

export const readerRow = (
  store: HomeStore,
  message: MessageId,
  member: MemberId,
): ReaderRow | undefined =>
  store.get<ReaderRow>(
    "SELECT * FROM outbox_reader WHERE message = ? AND member = ?",
    message,
    member,
  );

export const putReader = (store: HomeStore, row: ReaderRow): number =>
  store.run(
    "INSERT OR REPLACE INTO outbox_reader (message, member, state, way, reason, at) VALUES (?, ?, ?, ?, ?, ?)",
    row.message,
    row.member,
    row.state,
    row.way,
    row.reason,
    row.at,
  );

/** Everyone of whom something is known, the first to speak first. */
export const readerRows = (store: HomeStore, message: MessageId): ReaderRow[] =>
  store.all<ReaderRow>(
    "SELECT * FROM outbox_reader WHERE message = ? ORDER BY at, member",
    message,
  );
