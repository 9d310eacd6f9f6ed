import type { Audience, FileNews, MemberId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";

interface Filter {
  readonly to?: Audience;
  readonly author?: MemberId;
}

/** What the broker lists, page by page, at most `most` and then the rest of a page. */
export async function listNews(
  ctx: DeviceContext,
  row: MembershipRow,
  filter: Filter,
  most: number,
): Promise<FileNews[]> {
  const found: FileNews[] = [];
  let before: number | undefined;
  do {
    const page = await ctx.links.using(row, ({ client }) =>
      client.file.list({ ...filter, ...(before === undefined ? {} : { before }) }),
    );
    found.push(...page.items);
    // A broker that names the same place again would never end.
    before =
      page.before !== undefined && page.before < (before ?? Infinity) ? page.before : undefined;
  } while (before !== undefined && found.length < most);
  return found;
}
