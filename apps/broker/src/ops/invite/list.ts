import type { Handler } from "../../handler.ts";
import { inviteEnd } from "./usable.ts";

const stateOf = { exhausted: "used", expired: "expired", revoked: "revoked" } as const;

export const list: Handler<"invite.list"> = async (_input, { now, roster }) => {
  const at = now();
  const items = [...roster.invites.values()].map((invite) => {
    const end = inviteEnd(invite, at);
    const state = end === undefined ? ("pending" as const) : stateOf[end];
    return { id: invite.id, state, used: invite.used };
  });
  return { items };
};
