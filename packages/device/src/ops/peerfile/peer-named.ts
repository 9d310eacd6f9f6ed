import type { MemberId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { membersNamed } from "../file/members-named.ts";

/** The member whose folder is meant; `me` is another device of one's own. */
export async function peerNamed(
  ctx: DeviceContext,
  row: MembershipRow,
  peer: string,
): Promise<MemberId> {
  if (peer === "me") return row.member;
  const [found] = await membersNamed(ctx, row, [peer]);
  return found?.id ?? row.member;
}
