import { newerProfile } from "@claudemesh/crypto";
import type { MemberId, MeshId, Profile } from "@claudemesh/protocol";
import { nameSkeleton } from "../names/skeleton.ts";
import type { HomeStore } from "./home-store.ts";

/** The newest verified profile of each member. */
export function profilesOf(store: HomeStore, mesh: MeshId): Map<MemberId, Profile> {
  const rows = store.all<{ member: MemberId; body: string }>(
    "SELECT member, body FROM profile WHERE mesh = ?",
    mesh,
  );
  return new Map(rows.map(({ member, body }) => [member, JSON.parse(body) as Profile]));
}

/** The newest verified profile of each member, as it is stored. */
export const profileTexts = (store: HomeStore, mesh: MeshId): ReadonlyMap<MemberId, string> =>
  new Map(
    store
      .all<{ member: MemberId; body: string }>(
        "SELECT member, body FROM profile WHERE mesh = ?",
        mesh,
      )
      .map(({ member, body }) => [member, body]),
  );

/** The newest verified profile of one member. */
export function profileOf(store: HomeStore, mesh: MeshId, member: MemberId): Profile | undefined {
  const row = store.get<{ body: string }>(
    "SELECT body FROM profile WHERE mesh = ? AND member = ?",
    mesh,
    member,
  );
  return row && (JSON.parse(row.body) as Profile);
}

/** Stores a verified profile if it is newer than the one known, and when its name was first seen. */
export function putProfile(store: HomeStore, profile: Profile): void {
  store.write(() => {
    const { mesh, member } = profile;
    const row = store.get<{ body: string }>(
      "SELECT body FROM profile WHERE mesh = ? AND member = ?",
      mesh,
      member,
    );
    const known = row && (JSON.parse(row.body) as Profile);
    if (known && newerProfile(known, profile) === known) return;
    store.run(
      `INSERT INTO profile (mesh, member, version, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (mesh, member) DO UPDATE SET version = excluded.version, body = excluded.body`,
      mesh,
      member,
      profile.version,
      JSON.stringify(profile),
    );
    store.run(
      "INSERT OR IGNORE INTO name_seen (mesh, skeleton, member) VALUES (?, ?, ?)",
      mesh,
      nameSkeleton(profile.fields.displayName),
      member,
    );
  });
}

/** Who showed each name (as a skeleton) first. */
export function firstBearers(store: HomeStore, mesh: MeshId): Map<string, MemberId> {
  const rows = store.all<{ skeleton: string; member: MemberId }>(
    "SELECT skeleton, member FROM name_seen WHERE mesh = ? ORDER BY id DESC",
    mesh,
  );
  return new Map(rows.map(({ skeleton, member }) => [skeleton, member]));
}
