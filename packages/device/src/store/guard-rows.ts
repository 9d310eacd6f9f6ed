import type { MemberId, MeshId, MessageId, SenderRule } from "@claudemesh/protocol";
import type { Hops } from "../guards/hops.ts";
import type { HomeStore } from "./home-store.ts";

/** A thread in which agents write, as far as this home has seen it. */
export interface GuardThread extends Hops {
  readonly mesh: MeshId;
  readonly thread: MessageId;
  /** when it was stopped; null while it goes on */
  readonly stopped_at: number | null;
}

export const guardThread = (
  store: HomeStore,
  mesh: MeshId,
  thread: MessageId,
): GuardThread | undefined =>
  store.get<GuardThread>("SELECT * FROM guard_thread WHERE mesh = ? AND thread = ?", mesh, thread);

export const putGuardThread = (store: HomeStore, row: GuardThread): number =>
  store.run(
    `INSERT INTO guard_thread (mesh, thread, since, hops, stopped_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (mesh, thread) DO UPDATE SET since = excluded.since, hops = excluded.hops,
       stopped_at = excluded.stopped_at`,
    row.mesh,
    row.thread,
    row.since,
    row.hops,
    row.stopped_at,
  );

/** Threads that are stopped, the latest first. */
export const stoppedThreads = (
  store: HomeStore,
  mesh: MeshId,
): (GuardThread & { readonly stopped_at: number })[] =>
  store.all(
    "SELECT * FROM guard_thread WHERE mesh = ? AND stopped_at IS NOT NULL ORDER BY stopped_at DESC",
    mesh,
  );

/** Threads whose id begins or ends like this, in one mesh or any. */
export const threadsLike = (
  store: HomeStore,
  mesh: MeshId | undefined,
  bare: string,
): GuardThread[] =>
  store.all<GuardThread>(
    `SELECT * FROM guard_thread WHERE (mesh = ?1 OR ?1 IS NULL) AND (thread LIKE ?2 OR thread LIKE ?3)
     LIMIT 50`,
    mesh ?? null,
    `msg_${bare}%`,
    `%${bare}`,
  );

/** The other members whose messages of a thread came here, or to whom this home wrote in it. */
export const neighboursIn = (store: HomeStore, mesh: MeshId, thread: MessageId): MemberId[] =>
  store
    .all<{ member: MemberId }>(
      `SELECT sender AS member FROM inbox WHERE mesh = ?1 AND thread = ?2
       UNION SELECT sender FROM inbox WHERE id = ?2 AND mesh = ?1
       UNION SELECT recipient FROM outbox WHERE mesh = ?1 AND thread = ?2 AND audience IS NULL
       UNION SELECT recipient FROM outbox WHERE id = ?2 AND mesh = ?1 AND audience IS NULL`,
      mesh,
      thread,
    )
    .map(({ member }) => member);

export interface SenderRow {
  readonly mesh: MeshId;
  readonly member: MemberId;
  readonly rule: SenderRule;
  readonly at: number;
}

/** What a person decided on a sender; `accept` where nothing. */
export const senderRule = (store: HomeStore, mesh: MeshId, member: MemberId): SenderRule =>
  store.get<{ rule: SenderRule }>(
    "SELECT rule FROM guard_sender WHERE mesh = ? AND member = ?",
    mesh,
    member,
  )?.rule ?? "accept";

/** Sets a sender's rule; `accept` is what holds without a row. */
export function putSenderRule(store: HomeStore, row: SenderRow): void {
  store.run("DELETE FROM guard_sender WHERE mesh = ? AND member = ?", row.mesh, row.member);
  if (row.rule === "accept") return;
  store.run(
    "INSERT INTO guard_sender (mesh, member, rule, at) VALUES (?, ?, ?, ?)",
    row.mesh,
    row.member,
    row.rule,
    row.at,
  );
}

export const guardedSenders = (store: HomeStore, mesh: MeshId): SenderRow[] =>
  store.all<SenderRow>("SELECT * FROM guard_sender WHERE mesh = ? ORDER BY at", mesh);
