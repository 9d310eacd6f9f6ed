import { type FileNews, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { catchUp } from "../files/catch-up.ts";
import { describeFile, openNews, reachOf } from "../files/open-news.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { namedIn } from "../names/member-names.ts";
import { addNotice } from "../store/notices.ts";
import { isLetThrough } from "../trust/keep-grants.ts";
import type { FeedScope } from "./feed-scope.ts";

/** Tells of a file that somebody shared with this member, once its signature held. The file itself is listed and fetched when somebody asks. */
export async function takeFile(
  ctx: DeviceContext,
  { row }: FeedScope,
  news: FileNews,
): Promise<void> {
  const { manifest } = news;
  if (manifest.member === row.member) return;
  if (!isLetThrough(ctx, row, manifest.member, reachOf(manifest, row.member))) return;
  const { code, text } = await told(ctx, row, news);
  ctx.store.write(() =>
    addNotice(ctx.store, {
      ...{ mesh: row.mesh, key: `file:${manifest.file}`, code, text },
      at: ctx.now(),
    }),
  );
}

async function told(ctx: DeviceContext, row: FeedScope["row"], news: FileNews) {
  const { file, member } = news.manifest;
  const names = namedIn(ctx, row.mesh);
  const who = names.get(member)?.name ?? member;
  try {
    await catchUp(ctx, row, [news]);
    const { name, to } = describeFile(ctx, row, openNews(ctx, row, news), names);
    const where = to === "members" ? "with you" : to === "*" ? "with everyone" : `in ${to}`;
    const what = name === undefined ? "a file" : JSON.stringify(name);
    return { code: "file", text: `${who} shared ${what} ${where}: claudemesh file get ${file}` };
  } catch (error) {
    if (!(error instanceof MeshError) || isUnreachable(error)) throw error;
    const text = `a file said to be by ${who} was refused: ${error.message}`;
    return { code: error.code, text };
  }
}
