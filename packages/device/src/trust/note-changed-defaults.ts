import type { MeshId, RosterEntry } from "@claudemesh/protocol";
import { forgetCounters, ownGrants } from "../store/grants-rows.ts";
import type { HomeStore } from "../store/home-store.ts";

/** Where the mesh says anew what its members may do to each other, counting begins anew: what was withheld by the old word is not missing. Part of the caller's transaction. */
export function noteChangedDefaults(
  store: HomeStore,
  mesh: MeshId,
  added: readonly RosterEntry[],
): void {
  const isSaid = added.some(
    (entry) => entry.type === "policy" && entry.body.defaultGrants !== undefined,
  );
  if (!isSaid || ownGrants(store, mesh)?.defaults !== undefined) return;
  forgetCounters(store, mesh);
}
