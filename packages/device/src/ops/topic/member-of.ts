import type { DeviceContext } from "../../context.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { type NamedMember, namedMembers } from "../../names/member-names.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { refreshMembers } from "../refresh-members.ts";

/** A member by what was typed, asking the broker for news first. Throws `no_recipient`, `ambiguous`, `malformed` for oneself. */
export async function memberNamed(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  typed: string,
): Promise<NamedMember> {
  await refreshMembers(ctx, row, link);
  const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
  return resolveRecipient(typed, [...named.values()], row.member);
}
