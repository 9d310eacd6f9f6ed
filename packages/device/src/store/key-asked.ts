import type { Hash, MemberId, MeshId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** Notes whom the broker says it has told that this home lacks a key. */
export const putKeyAsked = (
  store: HomeStore,
  mesh: MeshId,
  asked: { readonly commitment: Hash; readonly members: readonly MemberId[]; readonly at: number },
): number =>
  store.run(
    `INSERT INTO key_asked (mesh, commitment, members, at) VALUES (?, ?, ?, ?)
     ON CONFLICT (mesh, commitment) DO UPDATE SET members = excluded.members, at = excluded.at`,
    mesh,
    asked.commitment,
    JSON.stringify(asked.members),
    asked.at,
  );

/** Who was told that this home lacks a key; undefined when nobody was asked yet. */
export function keyAsked(store: HomeStore, mesh: MeshId, commitment: Hash): MemberId[] | undefined {
  const row = store.get<{ members: string }>(
    "SELECT members FROM key_asked WHERE mesh = ? AND commitment = ?",
    mesh,
    commitment,
  );
  return row && (JSON.parse(row.members) as MemberId[]);
}

export const dropKeyAsked = (store: HomeStore, mesh: MeshId, commitment: Hash): number =>
  store.run("DELETE FROM key_asked WHERE mesh = ? AND commitment = ?", mesh, commitment);
