import { MeshError } from "@claudemesh/protocol";
import type { MemberContext, Services } from "../handler.ts";

/** The same call by the roster as it stands now, after a removal or rekey came between its check and its write. Throws `not_member` where the caller is out by then. */
export async function judgedAgain<C extends MemberContext & Pick<Services, "rosters">>(
  ctx: C,
): Promise<C> {
  const { actor, rosters } = ctx;
  await rosters.refresh(actor.mesh);
  const roster = await rosters.open(actor.mesh);
  if (roster.isMember(actor.member)) return { ...ctx, roster };
  throw new MeshError("not_member", "the caller is not a member of the mesh any more");
}
