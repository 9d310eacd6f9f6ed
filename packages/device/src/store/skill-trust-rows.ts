import type { MemberId, MeshId, SignKey } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** By whom a skill must be signed to be what a person here has trusted. */
export interface SkillTrust {
  readonly mesh: MeshId;
  readonly skill: string;
  readonly member: MemberId;
  readonly author: SignKey;
}

export const skillTrust = (store: HomeStore, mesh: MeshId, skill: string): SkillTrust | undefined =>
  store.get<SkillTrust>(
    "SELECT mesh, skill, member, author FROM skill_trust WHERE mesh = ? AND skill = ?",
    mesh,
    skill,
  );

/** Keeps it in place of the one before. Part of the caller's transaction. */
export function putSkillTrust(store: HomeStore, trust: SkillTrust, at: number): void {
  const { mesh, skill, member, author } = trust;
  store.run(
    "INSERT OR REPLACE INTO skill_trust (mesh, skill, member, author, at) VALUES (?, ?, ?, ?, ?)",
    mesh,
    skill,
    member,
    author,
    at,
  );
}

export function dropSkillTrust(store: HomeStore, mesh: MeshId, skill: string): void {
  store.run("DELETE FROM skill_trust WHERE mesh = ? AND skill = ?", mesh, skill);
}
