import { nextEntry } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { appendWithKey } from "../../keys/append-with-key.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { appendEntry } from "../append-entry.ts";
import { onMember } from "./on-member.ts";

/** Removes a member together with its keys. One whom another admin removed meanwhile is removed as well as asked. */
export const ban: DeviceHandler<"member.ban"> = async ({ mesh, member, keepLinks }, ctx) =>
  onMember(
    ctx,
    { mesh, member, notSelf: "to go yourself, use `claudemesh leave`" },
    async ({ row, link, who }) => {
      try {
        await appendWithKey(ctx, row, link, {
          make: (roster, { epoch }, by) =>
            nextEntry(roster, "remove", { member: who.id, epoch }, by),
          send: (entry) => link.client.member.ban({ entry }),
        });
      } catch (error) {
        const isGone = !ctx.rosters.of(row.mesh).isMember(who.id);
        if (!isGone || !(error instanceof MeshError)) throw error;
      }
      const revoked = keepLinks ? 0 : await endOpenInvites(ctx, row, link);
      const epoch = ctx.rosters.of(row.mesh).epochs.length - 1;
      return { member: who.id, name: who.name, epoch, revoked };
    },
  );

/** Whoever was removed may know the codes of links that others made. Answers how many were ended. */
async function endOpenInvites(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
): Promise<number> {
  const open = ctx.rosters.of(row.mesh).openInvites(ctx.now() + link.clockAheadMs);
  let ended = 0;
  for (const { id } of open) {
    try {
      await appendEntry(ctx, row, link, {
        type: "invite_revoke",
        body: () => ({ invite: id }),
        send: (entry) => link.client.invite.revoke({ entry }),
      });
      ended += 1;
    } catch (error) {
      // Another has ended it, or it is for a role above one's own.
      const isTheirs = error instanceof MeshError && ["forbidden", "revoked"].includes(error.code);
      if (!isTheirs) throw error;
    }
  }
  return ended;
}
