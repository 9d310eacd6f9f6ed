import type { MeshId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** Keeps an answer for when the broker cannot be reached. */
export const putAnswer = (
  store: HomeStore,
  mesh: MeshId,
  op: string,
  answer: unknown,
  at: number,
): number =>
  store.run(
    `INSERT INTO cache (mesh, op, body, at) VALUES (?, ?, ?, ?)
     ON CONFLICT (mesh, op) DO UPDATE SET body = excluded.body, at = excluded.at`,
    mesh,
    op,
    JSON.stringify(answer),
    at,
  );

/** The last answer kept, and when it was given. */
export function getAnswer<T>(
  store: HomeStore,
  mesh: MeshId,
  op: string,
): { readonly answer: T; readonly at: number } | undefined {
  const row = store.get<{ body: string; at: number }>(
    "SELECT body, at FROM cache WHERE mesh = ? AND op = ?",
    mesh,
    op,
  );
  return row && { answer: JSON.parse(row.body) as T, at: row.at };
}
