import { MeshError } from "@claudemesh/protocol";
import { catchUp } from "../../files/catch-up.ts";
import { listNews } from "../../files/list-news.ts";
import { describeFile, openNews } from "../../files/open-news.ts";
import { waitingUploads } from "../../files/waiting-uploads.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { namedIn } from "../../names/member-names.ts";
import { resolveTopic } from "../../topics/resolve-topic.ts";
import { askedMesh } from "../target-mesh.ts";
import { membersNamed } from "./members-named.ts";

/** The files that this member may open, each verified; the broker knows neither names nor tags, so that these are looked for here. */
export const list: DeviceHandler<"file.list"> = async ({ mesh, topic, from, tag, limit }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const pending = waitingUploads(ctx, row.mesh);
  const found = topic === undefined ? undefined : await resolveTopic(ctx, row, topic, "not_found");
  const [by] = from === undefined || from === "me" ? [] : await membersNamed(ctx, row, [from]);
  const author = from === "me" ? row.member : by?.id;
  const filter = { ...(found && { to: found.audience }), ...(author && { author }) };
  // A tag is known only once a file is open, so that more are asked for.
  const most = tag === undefined ? limit : 20 * limit;
  const news = await listNews(ctx, row, filter, most).catch((error: unknown) => {
    if (isUnreachable(error) && pending.length > 0) return [];
    throw error;
  });
  await catchUp(ctx, row, news);
  const names = namedIn(ctx, row.mesh);
  let ignored = 0;
  const items = news.flatMap((one) => {
    try {
      return [describeFile(ctx, row, openNews(ctx, row, one), names)];
    } catch (error) {
      if (!(error instanceof MeshError) || error.code === "roster_fork") throw error;
      ignored += 1;
      return [];
    }
  });
  const tagged = tag === undefined ? items : items.filter(({ tags }) => tags.includes(tag));
  return { items: tagged.slice(0, limit), pending, ignored };
};
