import { catchUp } from "../../files/catch-up.ts";
import { findFile } from "../../files/find-file.ts";
import { describeFile, openNews } from "../../files/open-news.ts";
import type { DeviceHandler } from "../../handler.ts";
import { namedIn } from "../../names/member-names.ts";
import { askedMesh } from "../target-mesh.ts";

/** A file of one's own, and by the broker's word who has fetched it. */
export const status: DeviceHandler<"file.status"> = async ({ mesh, id }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const file = await findFile(ctx, row, id);
  const { downloads, recipients, ...news } = await ctx.links.using(row, ({ client }) =>
    client.file.status({ id: file }),
  );
  await catchUp(ctx, row, [news]);
  const names = namedIn(ctx, row.mesh);
  const nameOf = (member: (typeof recipients)[number]) => names.get(member)?.name ?? member;
  return {
    ...describeFile(ctx, row, openNews(ctx, row, news), names),
    recipients: recipients.filter((one) => one !== row.member).map(nameOf),
    downloads: downloads.map(({ member, ...rest }) => ({ name: nameOf(member), ...rest })),
  };
};
