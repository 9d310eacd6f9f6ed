import type { MemberId, MemberKeys, MeshId, SealKey, SignKey } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** The keys with which a member's safety number was compared. */
export interface VerifiedRow {
  readonly member: MemberId;
  readonly sign_key: SignKey;
  readonly seal_key: SealKey;
  readonly at: number;
}

/** Everyone whose keys this home's person has compared, by member id. */
export const verifiedMembers = (store: HomeStore, mesh: MeshId): Map<MemberId, VerifiedRow> =>
  new Map(
    store
      .all<VerifiedRow>("SELECT member, sign_key, seal_key, at FROM verified WHERE mesh = ?", mesh)
      .map((row) => [row.member, row]),
  );

/** Marks these keys of a member as compared. */
export const putVerified = (
  store: HomeStore,
  mesh: MeshId,
  {
    member,
    keys,
    at,
  }: { readonly member: MemberId; readonly keys: MemberKeys; readonly at: number },
): number =>
  store.run(
    "INSERT OR REPLACE INTO verified (mesh, member, sign_key, seal_key, at) VALUES (?, ?, ?, ?, ?)",
    mesh,
    member,
    keys.sign,
    keys.seal,
    at,
  );
