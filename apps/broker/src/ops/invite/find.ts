import type { Roster, RosterInvite } from "@claudemesh/crypto/verify";
import { type InviteId, type InviterHeadBlob, MeshError } from "@claudemesh/protocol";
import type { Services } from "../../handler.ts";

/** An invite with the verified chain that it stands in, and the sealed head of its inviter where one is kept. Throws `not_found`. */
export async function findInvite(
  { rosters, store }: Services,
  id: InviteId,
): Promise<{
  readonly roster: Roster;
  readonly invite: RosterInvite;
  readonly head: InviterHeadBlob | null;
}> {
  const row = await store.read.invite(id);
  const roster = row && (await rosters.find(row.mesh));
  // Another node has appended it, and this one was not told yet.
  if (row !== undefined && roster?.invites.has(id) === false) await rosters.refresh(row.mesh);
  const invite = roster?.invites.get(id);
  if (roster === undefined || invite === undefined) {
    throw new MeshError("not_found", "this broker has no such invite", {
      hint: "check the link: is it whole, and of this broker?",
    });
  }
  return { roster, invite, head: row?.head ?? null };
}
