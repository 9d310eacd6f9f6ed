import { inviteExpired, inviteUsable, type RosterInvite } from "@claudemesh/crypto";
import { type InviteInfo, nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { syncRoster } from "../../mesh-link/sync-roster.ts";
import { namedMembers } from "../../names/member-names.ts";
import { cachedRead } from "../cached-read.ts";
import { askedMesh } from "../target-mesh.ts";

/** Invites as the verified chain has them; the broker's word is asked for only to bring the chain up to date. */
export const list: DeviceHandler<"invite.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  await cachedRead(ctx, row, nouns.invite.list.name, async ({ client }) => {
    const { items } = await client.invite.list({});
    await syncRoster(ctx.rosters, row.mesh, client);
    return items;
  });
  const roster = ctx.rosters.of(row.mesh);
  const named = namedMembers(ctx.store, row.mesh, roster);
  const made = new Map(
    ctx.store
      .all<{ invite: string; code: string; link: string | null }>(
        "SELECT invite, code, link FROM invite_made WHERE mesh = ?",
        row.mesh,
      )
      .map((one) => [one.invite, one]),
  );
  const items: InviteInfo[] = [...roster.invites.values()].map((invite) => {
    const mine = made.get(invite.id);
    return {
      id: invite.id,
      role: invite.role,
      uses: invite.uses,
      used: invite.used,
      expiresAt: invite.expiresAt,
      state: stateOf(invite, ctx.now()),
      by: named.get(invite.author)?.name ?? invite.author,
      ...(mine === undefined ? {} : { code: mine.code }),
      ...(mine?.link ? { link: mine.link } : {}),
    };
  });
  return { items };
};

function stateOf(invite: RosterInvite, now: number): InviteInfo["state"] {
  if (invite.revoked || invite.void) return "revoked";
  if (!inviteUsable(invite)) return "used";
  return inviteExpired(invite, now) ? "expired" : "pending";
}
