import { everyone, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { catchUp } from "../../files/catch-up.ts";
import { listNews, type NewsPage } from "../../files/list-news.ts";
import { describeFile, openNews } from "../../files/open-news.ts";
import { waitingUploads } from "../../files/waiting-uploads.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { namedIn } from "../../names/member-names.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { resolveTopic } from "../../topics/resolve-topic.ts";
import { askedMesh } from "../target-mesh.ts";
import { membersNamed } from "./members-named.ts";

const nothing: NewsPage = { items: [], before: undefined, total: undefined };

/** The files that this member may open, each verified; the broker knows neither names nor tags, so that these are looked for here. */
export const list: DeviceHandler<"file.list"> = async (wish, ctx) => {
  const { mesh, tag, limit } = wish;
  const row = askedMesh(ctx, mesh);
  const pending = waitingUploads(ctx, row.mesh);
  const filter = { ...(await filterOf(ctx, row, wish)), totals: tag === undefined };
  // A tag is known only once a file is open, so that more are asked for.
  const most = tag === undefined ? limit : 20 * limit;
  const page = await listNews(ctx, row, filter, most).catch((error: unknown) => {
    if (isUnreachable(error) && pending.length > 0) return nothing;
    throw error;
  });
  await catchUp(ctx, row, page.items);
  const names = namedIn(ctx, row.mesh);
  let ignored = 0;
  const opened = page.items.flatMap((one) => {
    try {
      return [{ seq: one.seq, info: describeFile(ctx, row, openNews(ctx, row, one), names) }];
    } catch (error) {
      if (!(error instanceof MeshError) || error.code === "roster_fork") throw error;
      ignored += 1;
      return [];
    }
  });
  const found = tag === undefined ? opened : opened.filter(({ info }) => info.tags.includes(tag));
  const items = found.slice(0, limit);
  const before = found.length > items.length ? items.at(-1)?.seq : page.before;
  return {
    items: items.map(({ info }) => info),
    ...(before === undefined ? {} : { before }),
    ...(page.total === undefined ? {} : { total: page.total }),
    pending,
    ignored,
  };
};

interface Wish {
  readonly before?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly topic?: string | undefined;
}

/** What the broker is asked for, by ids. */
async function filterOf(
  ctx: DeviceContext,
  row: MembershipRow,
  { before, from, to, topic }: Wish,
): Promise<Parameters<typeof listNews>[2]> {
  if (to !== undefined && topic !== undefined) {
    throw new MeshError("malformed", "to: a file for a topic is sealed to nobody by name", {
      detail: { field: "to" },
    });
  }
  const memberOf = async (name: string) =>
    name === "me" ? row.member : (await membersNamed(ctx, row, [name]))[0]?.id;
  const found = topic === undefined ? undefined : await resolveTopic(ctx, row, topic, "not_found");
  const author = from === undefined ? undefined : await memberOf(from);
  const recipient = to === undefined || to === everyone ? undefined : await memberOf(to);
  return {
    ...(before === undefined ? {} : { before }),
    ...(found && { to: found.audience }),
    ...(to === everyone ? { to: everyone } : {}),
    ...(author && { author }),
    ...(recipient && { recipient }),
  };
}
