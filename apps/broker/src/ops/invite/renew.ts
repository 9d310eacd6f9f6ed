import type { Handler } from "../../handler.ts";
import { requireUsable } from "./usable.ts";

/** What the blob holds only the inviter and who has the code can know; so nobody but the inviter replaces it. */
export const renew: Handler<"invite.renew"> = async ({ invite: id, welcome, inviterHead }, ctx) => {
  const { actor, roster, store } = ctx;
  const invite = roster.invites.get(id);
  if (invite === undefined) throw ctx.fail("not_found", `invite: there is no ${id} in the mesh`);
  if (invite.author !== actor.member) {
    throw ctx.fail("forbidden", "invite: only who made it says what it opens");
  }
  const at = ctx.now();
  requireUsable(invite, at);
  const gives = { blob: welcome, head: inviterHead };
  await store.write.putWelcome({ mesh: actor.mesh, invite: id, ...gives, at });
  return { id };
};
