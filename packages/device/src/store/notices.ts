import type { Audience, MemberId, MeshId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

export interface NoticeRow {
  readonly id: number;
  readonly mesh: MeshId;
  readonly code: string;
  readonly text: string;
  readonly at: number;
}

export interface NewNotice {
  readonly mesh: MeshId;
  /** one notice per key and mesh */
  readonly key: string;
  readonly code: string;
  readonly text: string;
  readonly at: number;
}

/** Puts a notice where the next `inbox` shows it, once per key. */
export const addNotice = (store: HomeStore, { mesh, key, code, text, at }: NewNotice): number =>
  store.run(
    "INSERT OR IGNORE INTO notice (mesh, key, code, text, at) VALUES (?, ?, ?, ?, ?)",
    mesh,
    key,
    code,
    text,
    at,
  );

/** Takes a notice back that nobody was shown yet, since it is true no more. */
export const dropNotice = (store: HomeStore, mesh: MeshId, key: string): number =>
  store.run("DELETE FROM notice WHERE mesh = ? AND key = ? AND shown = 0", mesh, key);

export const waitingNotices = (store: HomeStore, mesh: MeshId): NoticeRow[] =>
  store.all<NoticeRow>(
    "SELECT id, mesh, code, text, at FROM notice WHERE mesh = ? AND shown = 0 ORDER BY id LIMIT 100",
    mesh,
  );

export interface GapRow {
  readonly id: number;
  readonly mesh: MeshId;
  readonly member: MemberId;
  readonly audience: Audience;
  readonly from_n: number;
  readonly to_n: number;
  readonly at: number;
}

/** Jumps in a sender's counter that nothing has filled and that no reader was told of. */
export const waitingGaps = (store: HomeStore, mesh: MeshId): GapRow[] =>
  store.all<GapRow>(
    "SELECT id, mesh, member, audience, from_n, to_n, at FROM gap WHERE mesh = ? AND shown = 0 ORDER BY id LIMIT 100",
    mesh,
  );

export function markNoticesShown(
  store: HomeStore,
  notices: readonly number[],
  gaps: readonly number[],
): void {
  for (const id of notices) store.run("UPDATE notice SET shown = 1 WHERE id = ?", id);
  for (const id of gaps) store.run("UPDATE gap SET shown = 1 WHERE id = ?", id);
}
