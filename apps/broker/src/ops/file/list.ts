import { limits } from "@claudemesh/protocol";
import { outOfScope } from "../../api-keys/require-reach.ts";
import { keyReaches, openAudience, openAudiences } from "../../blob/may-open.ts";
import type { Handler } from "../../handler.ts";

/** The shared files that the caller may open, newest first; of a key those for its topics. */
export const list: Handler<"file.list"> = async (asked, ctx) => {
  const { author, before, recipient, to, totals = false } = asked;
  const { actor, now, store } = ctx;
  const { key, member, mesh } = actor;
  if (to !== undefined && key !== undefined && !keyReaches(key, to, ctx)) {
    throw outOfScope("that audience");
  }
  const only = to === undefined ? undefined : await openAudience(to, ctx);
  if (to !== undefined && only === undefined) {
    throw ctx.fail("not_found", "to: there is no topic of that id");
  }
  // To whom else something was sealed is its uploader's to know.
  const own = recipient === undefined || recipient === member ? author : member;
  const seen = {
    member: key === undefined ? member : undefined,
    audiences: only === undefined ? await openAudiences(ctx) : [only],
    only: to,
    author: own,
    recipient,
    now: now(),
  };
  const isNobodys =
    recipient !== undefined && (key !== undefined || (author !== undefined && author !== own));
  if (isNobodys) return { items: [], ...(totals ? { total: { files: 0, bytes: 0 } } : {}) };
  const place = { before: before ?? Number.MAX_SAFE_INTEGER, limit: limits.filePage + 1 };
  const [items, total] = await Promise.all([
    store.read.files(mesh, { ...seen, ...place }),
    totals ? store.read.filesSeen(mesh, seen) : undefined,
  ]);
  const page = items.slice(0, limits.filePage);
  const last = items.length > page.length ? page.at(-1)?.seq : undefined;
  return {
    items: page,
    ...(last === undefined ? {} : { before: last }),
    ...(total === undefined ? {} : { total }),
  };
};
