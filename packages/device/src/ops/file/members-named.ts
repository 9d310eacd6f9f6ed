import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { type NamedMember, namedIn } from "../../names/member-names.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { refreshMembers } from "../refresh-members.ts";

/** The members that are named, by what is known here and, before saying that there is nobody, what the broker knows. Throws `no_recipient`, `ambiguous`. */
export async function membersNamed(
  ctx: DeviceContext,
  row: MembershipRow,
  typed: readonly string[],
): Promise<NamedMember[]> {
  const resolve = () => {
    const named = [...namedIn(ctx, row.mesh).values()];
    return typed.map((one) => resolveRecipient(one.replace(/^@/, ""), named, row.member));
  };
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "no_recipient") throw error;
    await ctx.links.using(row, (link) => refreshMembers(ctx, row, link));
    return resolve();
  }
}
