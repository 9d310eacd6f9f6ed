import type { Grants, MemberId, MeshId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** What this home's member lets others do in a mesh, as it said last. */
export function ownGrants(store: HomeStore, mesh: MeshId): Grants | undefined {
  const row = store.get<{ body: string }>("SELECT body FROM grants WHERE mesh = ?", mesh);
  return row && (JSON.parse(row.body) as Grants);
}

/** Keeps a verified statement of this home's member; part of the caller's transaction. */
export const putGrants = (store: HomeStore, grants: Grants): number =>
  store.run(
    "INSERT OR REPLACE INTO grants (mesh, member, version, body) VALUES (?, ?, ?, ?)",
    grants.mesh,
    grants.member,
    grants.version,
    JSON.stringify(grants),
  );

/** Counting begins anew with the next message of these members, or of all: what was withheld meanwhile is not missing. Part of the caller's transaction. */
export function forgetCounters(
  store: HomeStore,
  mesh: MeshId,
  members?: readonly MemberId[],
): void {
  const listed = members === undefined ? null : JSON.stringify(members);
  for (const table of ["received_counter", "gap"] as const) {
    store.run(
      `DELETE FROM ${table}
       WHERE mesh = ?1 AND (?2 IS NULL OR member IN (SELECT value FROM json_each(?2)))`,
      mesh,
      listed,
    );
  }
}
