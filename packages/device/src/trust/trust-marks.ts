import type { Roster } from "@claudemesh/crypto";
import type { MemberId, MeshId, Trust } from "@claudemesh/protocol";
import { nameSkeleton } from "../names/skeleton.ts";
import type { HomeStore } from "../store/home-store.ts";
import { profilesOf } from "../store/profiles.ts";
import { verifiedMembers } from "../store/verified-rows.ts";

/** What is known of a member's keys, and whose name its own can be taken for. */
export interface TrustMark {
  readonly trust: Trust;
  readonly looksLike?: MemberId;
  readonly verifiedAt?: number;
}

/** How this home's person stands to each member's keys. Built once per answer; where nobody was verified it costs one empty query. */
export function trustMarks(
  store: HomeStore,
  mesh: MeshId,
  roster: Roster,
): (member: MemberId) => TrustMark {
  const verified = verifiedMembers(store, mesh);
  if (verified.size === 0) return () => ({ trust: "unverified" });
  const profiles = profilesOf(store, mesh);
  const skeletonOf = (member: MemberId) => {
    const name = profiles.get(member)?.fields.displayName;
    return name === undefined ? undefined : nameSkeleton(name);
  };
  const bearers = new Map<string, MemberId>();
  for (const member of verified.keys()) {
    const skeleton = skeletonOf(member);
    if (skeleton !== undefined) bearers.set(skeleton, member);
  }
  return (id) => {
    const mark = verified.get(id);
    const keys = roster.members.get(id)?.keys;
    if (mark !== undefined) {
      const isSame = keys?.sign === mark.sign_key && keys.seal === mark.seal_key;
      return { trust: isSame ? "verified" : "changed", verifiedAt: mark.at };
    }
    const looksLike = bearers.get(skeletonOf(id) ?? "");
    return looksLike === undefined ? { trust: "unverified" } : { trust: "look_alike", looksLike };
  };
}
