import type { Hash, MemberId, Profile } from "@claudemesh/protocol";
import { groupAudiences } from "../../log/group-audiences.ts";
import type { AudienceMove } from "../port.ts";
import { openAudiences } from "../queries/audiences.ts";
import { findProfile, putProfile } from "../queries/profiles.ts";
import { appendMoving } from "./append-moving.ts";
import type { MeshHead } from "./log-appender.ts";
import { profileEntry } from "./statement-entries.ts";
import type { WriteContext } from "./write-context.ts";

interface Stated {
  readonly statement: Profile;
  readonly hash: Hash;
}

/** Keeps a profile that wins and appends its entry; with it the member enters and leaves groups. Answers the entry's seq, undefined for one that is older. */
export async function keepProfile(
  context: WriteContext,
  mesh: MeshHead,
  profile: Stated,
  times: { readonly at: number; readonly expiresAt: number },
): Promise<number | undefined> {
  const { db } = context;
  if (!(await putProfile(db, mesh.no, profile))) return undefined;
  const moves = await groupMoves(context, mesh, profile.statement);
  return await appendMoving(context, mesh, profileEntry(profile, times), moves);
}

/** What it takes to have a member in the groups of its profile and in no other. */
async function groupMoves(
  { db }: Pick<WriteContext, "db">,
  mesh: MeshHead,
  profile: Profile,
): Promise<AudienceMove[]> {
  const { member } = profile;
  const wanted = groupAudiences(profile);
  const had = (await openAudiences(db, mesh.no, member)).filter((one) => one.startsWith("g:"));
  const entered = [...wanted].filter((audience) => !had.includes(audience));
  const left = had.filter((audience) => !wanted.has(audience));
  return [
    ...entered.map((audience) => ({ member, audience, enters: true })),
    ...left.map((audience) => ({ member, audience, enters: false })),
  ];
}

/** Out of every group and topic: the member has left the mesh, or was removed. */
export async function leavingMoves(
  { db }: Pick<WriteContext, "db">,
  mesh: MeshHead,
  member: MemberId,
): Promise<AudienceMove[]> {
  const had = await openAudiences(db, mesh.no, member);
  return had.map((audience) => ({ member, audience, enters: false }));
}

/** Back into the groups of the profile that the member had when it was removed. */
export async function returningMoves(
  context: Pick<WriteContext, "db">,
  mesh: MeshHead,
  member: MemberId,
): Promise<AudienceMove[]> {
  const profile = await findProfile(context.db, mesh.no, member);
  return profile === undefined ? [] : await groupMoves(context, mesh, profile);
}
