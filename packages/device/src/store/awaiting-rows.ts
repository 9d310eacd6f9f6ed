import type { MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** An envelope that waits for roster entries; `hash` is over the whole of it. Nothing in it is verified. */
export interface AwaitingRow {
  readonly mesh: MeshId;
  readonly sender: MemberId;
  readonly id: MessageId;
  readonly hash: string;
  readonly seq: number;
  readonly head_seq: number;
  readonly body: string;
  readonly at: number;
}

export const awaitingLimits = { perSender: 32, perMesh: 256 } as const;

/** The notice that says that messages under a name wait. */
export const awaitingKey = (sender: MemberId): string => `awaiting:${sender}`;

/** Keeps an envelope, once; answers false when too many wait already. Part of the caller's transaction. */
export function addAwaiting(store: HomeStore, row: AwaitingRow): boolean {
  const known = store.get(
    "SELECT 1 FROM awaiting WHERE mesh = ? AND sender = ? AND id = ? AND hash = ?",
    row.mesh,
    row.sender,
    row.id,
    row.hash,
  );
  if (known !== undefined) return true;
  const waiting = store.get<{ ours: number; theirs: number }>(
    "SELECT count(*) AS ours, count(*) FILTER (WHERE sender = ?) AS theirs FROM awaiting WHERE mesh = ?",
    row.sender,
    row.mesh,
  );
  const { ours = 0, theirs = 0 } = waiting ?? {};
  if (theirs >= awaitingLimits.perSender || ours >= awaitingLimits.perMesh) return false;
  store.run(
    "INSERT INTO awaiting (mesh, sender, id, hash, seq, head_seq, body, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    row.mesh,
    row.sender,
    row.id,
    row.hash,
    row.seq,
    row.head_seq,
    row.body,
    row.at,
  );
  return true;
}

/** What a roster that ends at `head` can check, in the order in which it came. */
export const readyAwaiting = (store: HomeStore, mesh: MeshId, head: number): AwaitingRow[] =>
  store.all<AwaitingRow>(
    "SELECT * FROM awaiting WHERE mesh = ? AND head_seq <= ? ORDER BY position",
    mesh,
    head,
  );

/** Forgets what was taken in, and with a sender's last one the notices about it. Part of the caller's transaction. */
export function dropAwaiting(store: HomeStore, { mesh, sender, id, hash }: AwaitingRow): void {
  store.run(
    "DELETE FROM awaiting WHERE mesh = ? AND sender = ? AND id = ? AND hash = ?",
    mesh,
    sender,
    id,
    hash,
  );
  const left = store.get("SELECT 1 FROM awaiting WHERE mesh = ? AND sender = ?", mesh, sender);
  if (left !== undefined) return;
  const key = awaitingKey(sender);
  store.run("DELETE FROM notice WHERE mesh = ? AND key IN (?, ?)", mesh, key, `${key}:full`);
}
