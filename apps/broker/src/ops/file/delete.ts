import type { Handler } from "../../handler.ts";
import { foundFile, noFile } from "./found-file.ts";

/** Deletes a file: its uploader's own, shared or not, or any that an owner or admin may open. */
export const del: Handler<"file.delete"> = async ({ id, unfinished = false }, ctx) => {
  const { actor, files, now, roster, store } = ctx;
  const blob = { mesh: actor.mesh, file: id };
  if (unfinished) {
    const row = await store.read.file(actor.mesh, id);
    if (row?.member !== actor.member) throw noFile();
  } else {
    const found = await foundFile(id, ctx);
    const role = roster.members.get(actor.member)?.role;
    if (found.member !== actor.member && role !== "owner" && role !== "admin") {
      throw ctx.fail("forbidden", "id: only who shared the file and admins may delete it");
    }
  }
  const isGone = await store.write.deleteFile({ ...blob, at: now(), unfinished });
  // Shared meanwhile: its answer was lost, and what it holds is no upload any more.
  if (unfinished && !isGone) throw noFile();
  await files.blobs.delete(blob);
  return { id };
};
