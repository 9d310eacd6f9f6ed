import type {
  Hash,
  MemberId,
  MeshId,
  MessageId,
  Receipt,
  ReceiptState,
  SessionId,
} from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** What a sender is still to be told about one message. */
export interface DueRow {
  readonly id: number;
  readonly mesh: MeshId;
  readonly sender: MemberId;
  readonly message: MessageId;
  readonly digest: Hash;
  readonly state: ReceiptState;
  readonly way: string | null;
  readonly reason: string | null;
  /** the session that speaks; null when the device does */
  readonly session: SessionId | null;
  readonly at: number;
}

export type NewDue = Omit<DueRow, "id" | "session"> & Partial<Pick<DueRow, "session">>;

/** Notes that a sender is to be told; part of the caller's transaction. Once per message, digest and state. */
export const addDue = (store: HomeStore, row: NewDue): number =>
  store.run(
    `INSERT OR IGNORE INTO receipt_due (mesh, sender, message, digest, state, way, reason, session, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.mesh,
    row.sender,
    row.message,
    row.digest,
    row.state,
    row.way,
    row.reason,
    row.session ?? null,
    row.at,
  );

/** What is due, oldest first. */
export const dueRows = (store: HomeStore, mesh: MeshId, limit: number): DueRow[] =>
  store.all<DueRow>("SELECT * FROM receipt_due WHERE mesh = ? ORDER BY id LIMIT ?", mesh, limit);

/** Replaces due rows by the signed receipt that says them; from then on it is sent as it is until the broker has it. */
export function putReceipt(store: HomeStore, receipt: Receipt, due: readonly number[]): void {
  store.run(
    "INSERT INTO receipt_out (id, mesh, body) VALUES (?, ?, ?)",
    receipt.id,
    receipt.mesh,
    JSON.stringify(receipt),
  );
  for (const id of due) store.run("DELETE FROM receipt_due WHERE id = ?", id);
}

/** Signed receipts that the broker has not confirmed. */
export const receiptsOut = (store: HomeStore, mesh: MeshId, limit: number): Receipt[] =>
  store
    .all<{ body: string }>(
      "SELECT body FROM receipt_out WHERE mesh = ? ORDER BY id LIMIT ?",
      mesh,
      limit,
    )
    .map(({ body }) => JSON.parse(body) as Receipt);

export function dropReceipts(store: HomeStore, receipts: readonly Receipt[]): void {
  for (const { id } of receipts) store.run("DELETE FROM receipt_out WHERE id = ?", id);
}

export const hasReceipts = (store: HomeStore, mesh: MeshId): boolean =>
  store.get(
    `SELECT 1 FROM receipt_due WHERE mesh = ? UNION ALL SELECT 1 FROM receipt_out WHERE mesh = ? LIMIT 1`,
    mesh,
    mesh,
  ) !== undefined;
