import type { JobId, MeshId, SealedCall, SealedResult } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** Something that is due, or was, at a time. */
export interface DueCallKey {
  readonly mesh: MeshId;
  readonly job: JobId;
  readonly planned: number;
}

export interface DueCallRow extends DueCallKey {
  readonly state: "told" | "begun" | "done";
  readonly call: SealedCall;
  readonly begunAt: number | null;
  readonly result: SealedResult | undefined;
}

/** Keeps what is due; false where this home has known of it, also after it was over. */
export const addDueCall = (store: HomeStore, key: DueCallKey, call: SealedCall): boolean =>
  store.run(
    "INSERT OR IGNORE INTO due_call (mesh, job, planned, state, call) VALUES (?, ?, ?, 'told', ?)",
    ...[key.mesh, key.job, key.planned, JSON.stringify(call)],
  ) > 0;

/** The first that is not over and due after `after`, in the order in which they are due. */
export function nextDueCall(
  store: HomeStore,
  mesh: MeshId,
  after: DueCallKey | undefined,
): DueCallRow | undefined {
  const row = store.get<{
    job: JobId;
    planned: number;
    state: DueCallRow["state"];
    call: string;
    begun_at: number | null;
    result: string | null;
  }>(
    `SELECT job, planned, state, call, begun_at, result FROM due_call
     WHERE mesh = ? AND state <> 'over' AND (planned, job) > (?, ?) ORDER BY planned, job LIMIT 1`,
    ...[mesh, after?.planned ?? 0, after?.job ?? ""],
  );
  if (row === undefined) return undefined;
  const { begun_at: begunAt, call, result, ...rest } = row;
  return {
    ...rest,
    mesh,
    begunAt,
    call: JSON.parse(call),
    result: result === null ? undefined : JSON.parse(result),
  };
}

/** Notes, before anything is done, that it is being done. */
export const markBegun = (store: HomeStore, { mesh, job, planned }: DueCallKey, at: number) =>
  store.run(
    `UPDATE due_call SET state = 'begun', begun_at = coalesce(begun_at, ?)
     WHERE mesh = ? AND job = ? AND planned = ? AND state <> 'over'`,
    ...[at, mesh, job, planned],
  );

/** Keeps what came of it until the broker has it. */
export const markDone = (
  store: HomeStore,
  { mesh, job, planned }: DueCallKey,
  result: SealedResult,
) =>
  store.run(
    "UPDATE due_call SET state = 'done', result = ? WHERE mesh = ? AND job = ? AND planned = ?",
    ...[JSON.stringify(result), mesh, job, planned],
  );

/** It is not done here any more; that it was is kept for as long as it could be told again. */
export function markOver(
  store: HomeStore,
  { mesh, job, planned }: DueCallKey,
  forgetBefore: number,
): void {
  store.run(
    `INSERT INTO due_call (mesh, job, planned, state) VALUES (?, ?, ?, 'over')
     ON CONFLICT (mesh, job, planned) DO UPDATE SET state = 'over', call = NULL, result = NULL`,
    ...[mesh, job, planned],
  );
  store.run(
    "DELETE FROM due_call WHERE mesh = ? AND state = 'over' AND planned < ?",
    ...[mesh, forgetBefore],
  );
}
