import type { Handler } from "../../handler.ts";
import { foundFile, newsOf } from "./found-file.ts";

/** What a file is; of the caller's own to whom it was sealed and who has fetched it to its end, of another's only what is the caller's of that. */
export const status: Handler<"file.status"> = async ({ id }, ctx) => {
  const { actor, store } = ctx;
  const { member, mesh } = actor;
  const found = await foundFile(id, ctx);
  const [news, recipients, downloads] = await Promise.all([
    newsOf(found, ctx),
    store.read.fileRecipients(mesh, id),
    store.read.fileDownloads(mesh, id),
  ]);
  const isOwn = found.member === member;
  return {
    ...news,
    recipients: recipients.filter((one) => isOwn || one === member),
    downloads: downloads.filter((one) => isOwn || one.member === member),
  };
};
