import type { MemberId, MeshId } from "@claudemesh/protocol";
import { foldName } from "../names/skeleton.ts";
import type { HomeStore } from "./home-store.ts";

/** A name of this home's own for a member. */
export interface AliasRow {
  readonly name: string;
  readonly folded: string;
  readonly member: MemberId;
  readonly at: number;
}

/** The aliases of a mesh, by name. */
export const aliasesOf = (store: HomeStore, mesh: MeshId): AliasRow[] =>
  store.all<AliasRow>(
    "SELECT name, folded, member, at FROM alias WHERE mesh = ? ORDER BY folded",
    mesh,
  );

/** Names a member; the same name names another from then on. */
export const putAlias = (
  store: HomeStore,
  mesh: MeshId,
  { name, member, at }: Omit<AliasRow, "folded">,
): number =>
  store.run(
    "INSERT OR REPLACE INTO alias (mesh, folded, name, member, at) VALUES (?, ?, ?, ?, ?)",
    mesh,
    foldName(name),
    name,
    member,
    at,
  );

export const dropAlias = (store: HomeStore, mesh: MeshId, name: string): AliasRow | undefined =>
  store.get<AliasRow>(
    "DELETE FROM alias WHERE mesh = ? AND folded = ? RETURNING name, folded, member, at",
    mesh,
    foldName(name),
  );
