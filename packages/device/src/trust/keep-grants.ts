import { verifyGrants } from "@claudemesh/crypto";
import {
  type Audience,
  type Capability,
  capabilitiesOf,
  type Grants,
  type MemberId,
  MeshError,
  mayReach,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { forgetCounters, ownGrants, putGrants } from "../store/grants-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** What a peer may do to this home's member. */
export function allowedTo(
  ctx: DeviceContext,
  { mesh }: Pick<MembershipRow, "mesh">,
  peer: MemberId,
): readonly Capability[] {
  const { members, policy } = ctx.rosters.of(mesh);
  return capabilitiesOf(ownGrants(ctx.store, mesh), peer, members.get(peer)?.role, policy);
}

/** Whether a message may reach this member at all: the broker should have kept the others back, and what comes all the same leaves no trace. */
export const isLetThrough = (
  ctx: DeviceContext,
  row: MembershipRow,
  sender: MemberId,
  to: Audience,
): boolean => sender === row.member || mayReach(allowedTo(ctx, row, sender), to);

/** Keeps this member's own word if it is newer than the one known, and forgets the counters of those whom it lets through from now on. Throws `bad_signature`, `forbidden`. */
export function keepGrants(ctx: DeviceContext, row: MembershipRow, grants: Grants): void {
  const { mesh, member } = row;
  if (grants.mesh !== mesh || grants.member !== member) {
    throw new MeshError("forbidden", "the grants are of another mesh or member");
  }
  const roster = ctx.rosters.of(mesh);
  const key = roster.members.get(member)?.keys.sign;
  if (key === undefined) throw new MeshError("not_member", "the grants are of no member");
  verifyGrants(grants, key);
  ctx.store.write(() => {
    const known = ownGrants(ctx.store, mesh);
    if (known !== undefined && known.version >= grants.version) return;
    const widened = [...roster.members.values()]
      .filter(({ id, role }) => {
        const before = capabilitiesOf(known, id, role, roster.policy);
        return capabilitiesOf(grants, id, role, roster.policy).some((one) => !before.includes(one));
      })
      .map(({ id }) => id);
    forgetCounters(ctx.store, mesh, widened);
    putGrants(ctx.store, grants);
  });
}
