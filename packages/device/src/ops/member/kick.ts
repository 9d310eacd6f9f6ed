import { isAbove, type Roster } from "@claudemesh/crypto";
import { type MemberId, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { namedMembers } from "../../names/member-names.ts";
import { resolveMember } from "../../names/resolve-member.ts";
import { viewPeers } from "../../sessions/view-peers.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { refreshMembers } from "../refresh-members.ts";
import { targetMesh } from "../target-mesh.ts";

/** Ends the connections of the one who is named, of those whose agents are all idle, or of everyone below the caller. */
export const kick: DeviceHandler<"member.kick"> = async ({ mesh, member, stale, all }, ctx) => {
  if ([member !== undefined, stale !== undefined, all].filter(Boolean).length !== 1) {
    throw new MeshError("malformed", "member: name one, or give --stale <time> or --all", {
      hint: "for example: claudemesh kick bob",
    });
  }
  const row = targetMesh(ctx, mesh);
  return ctx.links.using(row, async (link) => {
    await refreshMembers(ctx, row, link);
    const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
    const members =
      member === undefined
        ? await connectedBelow(ctx, row, link, stale)
        : [requireOther(row, resolveMember(member, [...named.values()]).id)];
    if (members.length === 0) return { items: [] };
    const { items } = await link.client.member.kick({ members });
    return { items: items.map((one) => ({ ...one, name: named.get(one.member)?.name ?? "" })) };
  });
};

function requireOther({ member }: MembershipRow, id: MemberId): MemberId {
  if (id !== member) return id;
  throw new MeshError(
    "malformed",
    "member: that is you; your own devices are ended where they run",
    {
      detail: { field: "member" },
    },
  );
}

/** Who is connected and may be acted on; with `staleMs`, only who has agents there of which none has done anything for so long. */
async function connectedBelow(
  ctx: DeviceContext,
  row: MembershipRow,
  { client, clockAheadMs }: MeshLink,
  staleMs: number | undefined,
): Promise<MemberId[]> {
  const roster = ctx.rosters.of(row.mesh);
  const { items } = await client.peer.list({});
  const at = Math.round(ctx.now() + clockAheadMs);
  const peers = viewPeers(ctx, row, items, { at, isPast: false });
  const connected = new Set(peers.map((peer) => peer.member));
  return [...connected].filter((id) => {
    if (!mayActOn(roster, row.member, id)) return false;
    if (staleMs === undefined) return true;
    const own = peers.filter((peer) => peer.member === id && peer.session !== undefined);
    return own.length > 0 && own.every((peer) => isStale(peer, at, staleMs));
  });
}

const isStale = (
  peer: { status: string; statusAgeMs?: number | undefined; connectedAt: number },
  at: number,
  staleMs: number,
): boolean => peer.status !== "working" && (peer.statusAgeMs ?? at - peer.connectedAt) >= staleMs;

function mayActOn(roster: Roster, self: MemberId, id: MemberId): boolean {
  const mine = roster.members.get(self)?.role ?? "guest";
  const theirs = roster.members.get(id)?.role ?? "owner";
  return id !== self && (mine === "owner" || isAbove(mine, theirs));
}
