import { inviteSecret, type Roster } from "@claudemesh/crypto";
import { type InviteCode, type InviteId, MeshError, type Welcome } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { ringOf } from "./ring-of.ts";

/** What a joiner needs: where the chain was verified to, and the keys that the history policy lets them have. */
export function welcomeOf(ctx: DeviceContext, roster: Roster): Welcome {
  const { mesh, genesisHash: genesis, head, policy } = roster;
  return { v: 1, mesh, genesis, head, ring: ringOf(ctx, mesh).welcomeRing(policy) };
}

/** Rewrites what the open invites of this home give, so that it goes up to the newest mesh key. */
export async function renewInvites(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
): Promise<void> {
  const { mesh } = row;
  const roster = ctx.rosters.of(mesh);
  const newest = roster.epochs.length - 1;
  if (ringOf(ctx, mesh).epochKey(newest) === undefined) return;
  const open = new Set(
    roster
      .openInvites(ctx.now() + link.clockAheadMs)
      .filter(({ author }) => author === row.member)
      .map(({ id }) => id),
  );
  const made = ctx.store.all<{ invite: InviteId; code: InviteCode }>(
    "SELECT invite, code FROM invite_made WHERE mesh = ? AND epoch < ?",
    mesh,
    newest,
  );
  for (const { invite, code } of made) {
    if (!open.has(invite)) continue;
    const welcome = inviteSecret(code).seal(welcomeOf(ctx, roster), ctx.random);
    try {
      await link.client.invite.renew({ invite, welcome });
    } catch (error) {
      if (!(error instanceof MeshError) || error.row.retry === "later") throw error;
      ctx.log("warn", `an open invite could not be brought up to date: ${error.message}`);
      continue;
    }
    ctx.store.write(() =>
      ctx.store.run("UPDATE invite_made SET epoch = ? WHERE invite = ?", newest, invite),
    );
  }
}
