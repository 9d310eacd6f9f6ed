import { inviteSecret, parseInvite } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { join } from "../../join/join.ts";
import { worthNoting } from "../../mesh-link/rosters.ts";
import { namedMembers } from "../../names/member-names.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { describeMembership } from "../describe-membership.ts";
import { refreshMembers } from "../refresh-members.ts";
import { inviteBroker } from "./invite-broker.ts";

/** Joins with a link or code. The membership stands even where the members cannot be listed afterwards. */
export const claim: DeviceHandler<"invite.claim"> = async ({ invite, name, broker }, ctx) => {
  const parsed = parseInvite(invite);
  const row = await join(ctx, {
    secret: inviteSecret(parsed.code),
    broker: inviteBroker(ctx, parsed, broker),
    name: name ?? ctx.defaultName,
  });
  const listing = listMembers(ctx, row);
  if (ctx.rosters.of(row.mesh).memberCount >= worthNoting) {
    // Their profiles come behind the first page.
    ctx.checks.beside(listing);
    return { ...describeMembership(ctx, row), peers: [] };
  }
  await listing;
  const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
  const others = [...named.values()].filter(({ id, current }) => current && id !== row.member);
  return { ...describeMembership(ctx, row), peers: others.map((member) => member.name) };
};

async function listMembers(ctx: DeviceContext, row: MembershipRow): Promise<void> {
  try {
    await ctx.links.using(row, (link) => refreshMembers(ctx, row, link));
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    if (ctx.checks.isStopped) return;
    const next = error.hint === undefined ? "" : `; ${error.hint}`;
    ctx.log("warn", `joined, but the members could not be listed: ${error.message}${next}`);
  }
}
