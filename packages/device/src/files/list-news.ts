import type { Audience, FileNews, MemberId, Output } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";

interface Filter {
  readonly to?: Audience;
  readonly author?: MemberId;
  readonly recipient?: MemberId;
  readonly before?: number;
  readonly totals?: boolean;
}

/** A file as the broker lists it, with its place. */
type ListedNews = FileNews & { readonly seq: number };

export interface NewsPage {
  readonly items: readonly ListedNews[];
  /** there is more below this place */
  readonly before: number | undefined;
  readonly total: Output<"file.list">["total"];
}

/** What the broker lists, page by page, at most `most` and then the rest of a page. */
export async function listNews(
  ctx: DeviceContext,
  row: MembershipRow,
  { totals, ...wanted }: Filter,
  most: number,
): Promise<NewsPage> {
  const items: ListedNews[] = [];
  let { before } = wanted;
  let total: NewsPage["total"];
  do {
    const page = await ctx.links.using(row, ({ client }) =>
      client.file.list({
        ...wanted,
        ...(before === undefined ? {} : { before }),
        ...(totals === true && items.length === 0 ? { totals } : {}),
      }),
    );
    items.push(...page.items);
    total ??= page.total;
    // A broker that names the same place again would never end.
    before =
      page.before !== undefined && page.before < (before ?? Infinity) ? page.before : undefined;
  } while (before !== undefined && items.length < most);
  return { items, before, total };
}
