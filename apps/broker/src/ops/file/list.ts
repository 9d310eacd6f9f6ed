import { limits } from "@claudemesh/protocol";
import { openAudience, openAudiences } from "../../blob/may-open.ts";
import type { Handler } from "../../handler.ts";

/** The shared files that the caller may open, newest first. */
export const list: Handler<"file.list"> = async ({ to, author, before }, ctx) => {
  const { actor, now, store } = ctx;
  const only = to === undefined ? undefined : await openAudience(to, ctx);
  if (to !== undefined && only === undefined) {
    throw ctx.fail("not_found", "to: there is no topic of that id");
  }
  const items = await store.read.files(actor.mesh, {
    member: actor.member,
    audiences: only === undefined ? await openAudiences(ctx) : [only],
    only: to,
    author,
    before: before ?? Number.MAX_SAFE_INTEGER,
    now: now(),
    limit: limits.filePage + 1,
  });
  const page = items.slice(0, limits.filePage);
  const last = items.length > page.length ? page.at(-1)?.seq : undefined;
  return { items: page, ...(last === undefined ? {} : { before: last }) };
};
