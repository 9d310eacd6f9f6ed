import type { DeviceHandler } from "../../handler.ts";
import { appendEntry } from "../append-entry.ts";
import { onMember } from "./on-member.ts";

/** What was set apart from the role before goes with it. */
export const role: DeviceHandler<"member.role"> = async ({ mesh, member, role: after }, ctx) =>
  onMember(ctx, { mesh, member }, async ({ row, link, who }) => {
    const before = ctx.rosters.of(row.mesh).members.get(who.id)?.role ?? after;
    if (before !== after) {
      await appendEntry(ctx, row, link, {
        type: "role",
        body: () => ({ member: who.id, role: after }),
        send: (entry) => link.client.member.role({ entry }),
      });
    }
    return { member: who.id, name: who.name, role: after, before };
  });
