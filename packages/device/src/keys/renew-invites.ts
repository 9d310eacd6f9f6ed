import { type InviteSecret, inviteSecret, type Roster } from "@claudemesh/crypto";
import {
  type InviteCode,
  type InviteId,
  type InviterHeadBlob,
  MeshError,
  type Welcome,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { ringOf } from "./ring-of.ts";

/** What a joiner needs: where the chain was verified to, and the keys that the history policy lets them have. */
export function welcomeOf(ctx: DeviceContext, roster: Roster): Welcome {
  const { mesh, genesisHash: genesis, head, policy } = roster;
  return { v: 1, mesh, genesis, head, ring: ringOf(ctx, mesh).welcomeRing(policy) };
}

/** Up to where this home answers for the chain, sealed: joiners take it by its hashes so far. Nothing while it has not verified all of it itself. */
export function sealedHead(
  { random, rosters }: Pick<DeviceContext, "random" | "rosters">,
  secret: InviteSecret,
  { mesh, head }: Roster,
): { readonly inviterHead?: InviterHeadBlob } {
  if (rosters.vouched(mesh) !== undefined) return {};
  return { inviterHead: secret.sealHead({ v: 1, mesh, head }, random) };
}

/** Entries behind which an open invite may fall: each joiner verifies so many before it is in. */
export const staleHead = 500;

/** Rewrites what the open invites of this home give, so that it goes up to the newest mesh key, and near the newest entry. */
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
    "SELECT invite, code FROM invite_made WHERE mesh = ? AND (epoch < ? OR head <= ?)",
    mesh,
    newest,
    roster.head.seq - staleHead,
  );
  for (const { invite, code } of made) {
    if (!open.has(invite)) continue;
    const secret = inviteSecret(code);
    const welcome = secret.seal(welcomeOf(ctx, roster), ctx.random);
    const { head } = roster;
    try {
      const gives = { invite, welcome, ...sealedHead(ctx, secret, roster) };
      await link.client.invite.renew(gives);
    } catch (error) {
      if (!(error instanceof MeshError) || error.row.retry === "later") throw error;
      ctx.log("warn", `an open invite could not be brought up to date: ${error.message}`);
      continue;
    }
    ctx.store.write(() =>
      ctx.store.run(
        "UPDATE invite_made SET epoch = ?, head = ? WHERE invite = ?",
        newest,
        head.seq,
        invite,
      ),
    );
  }
}
