import { inviteSecret, parseInvite } from "@claudemesh/crypto";
import type { DeviceHandler } from "../../handler.ts";
import { inviteBroker } from "./invite-broker.ts";

/** What the broker says of an invite; nothing is verified yet. */
export const preview: DeviceHandler<"invite.preview"> = async ({ invite, broker }, ctx) => {
  const parsed = parseInvite(invite);
  const { id } = inviteSecret(parsed.code);
  const client = await ctx.links.anonymous(inviteBroker(ctx, parsed, broker));
  try {
    return await client.invite.preview({ invite: id });
  } finally {
    await client.close();
  }
};
