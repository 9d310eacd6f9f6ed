import { type MemberId, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import { foldName } from "../../names/skeleton.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { knownMembers } from "../known-members.ts";

/** The member that a task is for or by; `me` and one's own name are oneself. Throws `no_recipient`, `ambiguous`. */
export async function assigneeNamed(
  ctx: DeviceContext,
  row: MembershipRow,
  typed: string,
): Promise<MemberId> {
  const named = await knownMembers(ctx, row);
  const own = named.get(row.member);
  const folded = foldName(typed);
  if (folded === "me" || typed === row.member) return row.member;
  const others = [...named.values()].filter(({ id }) => id !== row.member);
  const isOwn = own !== undefined && foldName(own.name) === folded;
  if (!isOwn) return sayAssignee(() => resolveRecipient(typed, others, row.member).id);
  if (others.every(({ current, name }) => !current || foldName(name) !== folded)) return row.member;
  throw new MeshError("ambiguous", `assignee: you and another member are called ${typed}`, {
    hint: "say me, or the other's key",
  });
}

/** What is wrong with the name is said of the field that it stands in. */
function sayAssignee(resolve: () => MemberId): MemberId {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    const { code, detail, hint, message } = error;
    throw new MeshError(code, message.replace(/^to:/, "assignee:"), {
      ...(hint === undefined ? {} : { hint }),
      detail: { ...detail, field: "assignee" },
      cause: error,
    });
  }
}
