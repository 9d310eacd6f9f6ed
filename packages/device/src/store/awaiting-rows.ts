import type { MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** What an envelope waits for: roster entries, without which nothing in it is verified, or a key, when everything else was. */
export type WaitsFor = "key" | "roster";

/** An envelope that waits; `hash` is over the whole of it. */
export interface AwaitingRow {
  readonly mesh: MeshId;
  readonly sender: MemberId;
  readonly id: MessageId;
  readonly hash: string;
  readonly seq: number;
  readonly head_seq: number;
  readonly body: string;
  readonly at: number;
  readonly reason: WaitsFor;
}

export const awaitingLimits = { perSender: 32, perMesh: 256 } as const;
/** the same of what was verified */
const keyLimits = { perSender: 1_000, perMesh: 10_000 } as const;

/** The notice that says that messages under a name wait for the roster. */
export const awaitingNotice = (sender: MemberId): string => `awaiting:${sender}`;
/** The notice that says that messages of a sender wait for a key. */
export const awaitingKeyNotice = (sender: MemberId): string => `awaiting_key:${sender}`;

/** Keeps an envelope, once; answers whether it is new, or `full` when too many wait already. Part of the caller's transaction. */
export function addAwaiting(store: HomeStore, row: AwaitingRow): "full" | "known" | "new" {
  const known = store.get(
    "SELECT reason FROM awaiting WHERE mesh = ? AND sender = ? AND id = ? AND hash = ?",
    row.mesh,
    row.sender,
    row.id,
    row.hash,
  );
  if (known !== undefined) {
    store.run(
      "UPDATE awaiting SET reason = ? WHERE mesh = ? AND sender = ? AND id = ? AND hash = ?",
      row.reason,
      row.mesh,
      row.sender,
      row.id,
      row.hash,
    );
    return "known";
  }
  const waiting = store.get<{ ours: number; theirs: number }>(
    "SELECT count(*) AS ours, count(*) FILTER (WHERE sender = ?) AS theirs FROM awaiting WHERE mesh = ? AND reason = ?",
    row.sender,
    row.mesh,
    row.reason,
  );
  const { perMesh, perSender } = row.reason === "key" ? keyLimits : awaitingLimits;
  const { ours = 0, theirs = 0 } = waiting ?? {};
  if (theirs >= perSender || ours >= perMesh) return "full";
  store.run(
    "INSERT INTO awaiting (mesh, sender, id, hash, seq, head_seq, body, at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    row.mesh,
    row.sender,
    row.id,
    row.hash,
    row.seq,
    row.head_seq,
    row.body,
    row.at,
    row.reason,
  );
  return "new";
}

/** What waits for this and can be checked by a roster that ends at `head`, in the order in which it came. */
export const readyAwaiting = (
  store: HomeStore,
  mesh: MeshId,
  waits: WaitsFor,
  head: number,
): AwaitingRow[] =>
  store.all<AwaitingRow>(
    "SELECT * FROM awaiting WHERE mesh = ? AND reason = ? AND head_seq <= ? ORDER BY position",
    mesh,
    waits,
    head,
  );

/** Forgets what was taken in, and with a sender's last one the notices about it. Part of the caller's transaction. */
export function dropAwaiting(store: HomeStore, row: AwaitingRow): void {
  const { mesh, sender, id, hash, reason } = row;
  store.run(
    "DELETE FROM awaiting WHERE mesh = ? AND sender = ? AND id = ? AND hash = ?",
    mesh,
    sender,
    id,
    hash,
  );
  const left = store.get(
    "SELECT 1 FROM awaiting WHERE mesh = ? AND sender = ? AND reason = ?",
    mesh,
    sender,
    reason,
  );
  if (left !== undefined) return;
  const key = reason === "key" ? awaitingKeyNotice(sender) : awaitingNotice(sender);
  store.run("DELETE FROM notice WHERE mesh = ? AND key IN (?, ?)", mesh, key, `${key}:full`);
}
