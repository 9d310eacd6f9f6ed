import type { MeshId, RosterEntry } from "@claudemesh/protocol";
import type { HomeStore } from "../store/home-store.ts";
import { addNotice } from "../store/notices.ts";
import { profilesOf } from "../store/profiles.ts";
import { verifiedMembers } from "../store/verified-rows.ts";

/** Warns of each verified member whose keys these entries replace: the next `inbox` says so, whoever reads it. */
export function noteChangedKeys(
  store: HomeStore,
  mesh: MeshId,
  entries: readonly RosterEntry[],
): void {
  for (const entry of entries) {
    if (entry.type !== "rekey") continue;
    const { member } = entry.body;
    if (!verifiedMembers(store, mesh).has(member)) continue;
    const name = profilesOf(store, mesh).get(member)?.fields.displayName ?? member;
    addNotice(store, {
      mesh,
      key: `rekey:${entry.seq}`,
      code: "key_changed",
      text: `the keys of ${name}, whom you had verified, were replaced: compare the safety number anew before you trust it`,
      at: entry.at,
    });
  }
}
