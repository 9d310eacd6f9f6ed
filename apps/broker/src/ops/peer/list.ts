import type { Handler } from "../../handler.ts";

/** The caller's own member is not among its peers. */
export const list: Handler<"peer.list"> = async (_input, { actor, presence }) => ({
  items: presence
    .list(actor.mesh)
    .filter(({ member }) => member !== actor.member)
    .map(({ member, type, connectedAt }) => ({ member, type, connectedAt })),
});
