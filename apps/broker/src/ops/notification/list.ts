import { keyMessage } from "../../api-keys/key-message.ts";
import { placeText, seqOf } from "../../api-keys/log-place.ts";
import { hiddenFrom } from "../../grants.ts";
import type { CallContext, Handler } from "../../handler.ts";
import type { NotificationQuery, NotificationRow } from "../../store/notifications-port.ts";
import { isReachable } from "./is-reachable.ts";

type Context = CallContext<"notification.list">;

/** What names the caller, newest first; whom it has blocked since is left out, and what the API key does not reach. */
export const list: Handler<"notification.list"> = async (asked, ctx) => {
  const { actor, displayNames, store } = ctx;
  const { member, mesh } = actor;
  const row = await store.read.mesh(mesh);
  if (row === undefined) throw ctx.fail("unavailable", "the mesh cannot be read right now");
  const { limit, since = 0, unread } = asked;
  const before = asked.before === undefined ? row.headSeq + 1 : seqOf(asked.before, row);
  const [{ rows, upTo }, names] = await Promise.all([
    shown({ member, before, since, unread, limit }, ctx),
    displayNames.of(mesh),
  ]);
  return {
    items: rows.map((one) => ({ ...keyMessage(one, row, names), read: one.readAt !== null })),
    ...(upTo === undefined ? {} : { before: placeText(row, upTo) }),
  };
};

/** pages of the store that one answer looks at: a key that reaches little of much gets a short page and goes on */
const mostPages = 10;

/** As many as were asked for of those that the caller is shown; `upTo` is where to go on. */
async function shown(
  query: NotificationQuery,
  ctx: Context,
): Promise<{ readonly rows: readonly NotificationRow[]; readonly upTo: number | undefined }> {
  const { actor, grants, roster, store } = ctx;
  const hides = hiddenFrom(await grants.of(actor.mesh), roster, actor.member);
  const rows: NotificationRow[] = [];
  let { before } = query;
  for (let page = 0; page < mostPages; page++) {
    const found = await store.read.notifications(actor.mesh, { ...query, before });
    for (const one of found) {
      before = one.seq;
      if (isReachable(one, ctx) && !hides(one)) rows.push(one);
      if (rows.length === query.limit) return { rows, upTo: before };
    }
    if (found.length < query.limit) return { rows, upTo: undefined };
  }
  return { rows, upTo: before };
}
