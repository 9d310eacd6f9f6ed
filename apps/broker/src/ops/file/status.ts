import type { Handler } from "../../handler.ts";
import { newsOf, ownFile } from "./found-file.ts";

/** Who has fetched a file of the caller's own to its end. */
export const status: Handler<"file.status"> = async ({ id }, ctx) => {
  const { actor, store } = ctx;
  const found = await ownFile(id, ctx);
  const [news, recipients, downloads] = await Promise.all([
    newsOf(found, ctx),
    store.read.fileRecipients(actor.mesh, id),
    store.read.fileDownloads(actor.mesh, id),
  ]);
  return { ...news, recipients: [...recipients], downloads: [...downloads] };
};
