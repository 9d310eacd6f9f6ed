import { FileId, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { idByEnd } from "../names/id-by-end.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { listNews } from "./list-news.ts";

/** files that are looked through for the end of an id */
const most = 2_000;

/** The file that is named by its id or the id's end. Throws `not_found`, and `malformed` for an end that several have. */
export async function findFile(
  ctx: DeviceContext,
  row: MembershipRow,
  typed: string,
): Promise<FileId> {
  const whole = FileId.safeParse(typed);
  if (whole.success) return whole.data;
  try {
    const { items: news } = await listNews(ctx, row, {}, most);
    return idByEnd(
      typed,
      news.map(({ manifest }) => manifest.file),
      "claudemesh file list shows those that there are",
    );
  } catch (error) {
    if (!isUnreachable(error) || !(error instanceof MeshError)) throw error;
    throw new MeshError(error.code, `${error.message}; files are found while it is there`, {
      cause: error,
    });
  }
}
