import type { MeshId, RosterEntry } from "@claudemesh/protocol";
import type { HomeStore } from "../store/home-store.ts";
import { getMembership } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { profilesOf } from "../store/profiles.ts";
import { verifiedMembers } from "../store/verified-rows.ts";

/** Tells of each other member whose keys these entries replace, and warns where it was verified: the next `inbox` says so, whoever reads it. */
export function noteChangedKeys(
  store: HomeStore,
  mesh: MeshId,
  entries: readonly RosterEntry[],
): void {
  for (const entry of entries) {
    if (entry.type !== "rekey") continue;
    const { member } = entry.body;
    if (member === getMembership(store, mesh)?.member) continue;
    const name = profilesOf(store, mesh).get(member)?.fields.displayName ?? member;
    const news = verifiedMembers(store, mesh).has(member)
      ? {
          code: "key_changed",
          text: `the keys of ${name}, whom you had verified, were replaced: compare the safety number anew before you trust it`,
        }
      : {
          code: "keys_replaced",
          text: `the keys of ${name} were replaced, as after the loss of a device: if that is a surprise, ask ${name} by another way`,
        };
    addNotice(store, { mesh, key: `rekey:${entry.seq}`, at: entry.at, ...news });
  }
}
