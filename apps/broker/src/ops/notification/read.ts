import type { Handler } from "../../handler.ts";
import { isReachable } from "./is-reachable.ts";

/** as many as one call marks */
const most = 1_000;

/** Marks what names the caller as read, of an API key's what it reaches: one message, or all. */
export const read: Handler<"notification.read"> = async ({ id }, ctx) => {
  const { actor, now, store } = ctx;
  const { member, mesh } = actor;
  const all = { before: Number.MAX_SAFE_INTEGER, since: 0, limit: most };
  const unread = id === undefined;
  const found = await store.read.notifications(mesh, { ...all, member, id, unread });
  const reached = found.filter((one) => isReachable(one, ctx));
  if (id !== undefined && reached.length === 0) {
    throw ctx.fail("not_found", "id: no message of that id names you");
  }
  const seqs = reached.map(({ seq }) => seq);
  return {
    read: await store.write.readNotifications({ mesh, member, seqs, at: now() }),
    more: found.length === most,
  };
};
