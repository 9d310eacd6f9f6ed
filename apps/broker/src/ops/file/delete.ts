import type { Handler } from "../../handler.ts";
import { foundFile } from "./found-file.ts";

/** Deletes a file: its uploader's own, or any that an owner or admin may open. */
export const del: Handler<"file.delete"> = async ({ id }, ctx) => {
  const { actor, files, now, roster, store } = ctx;
  const found = await foundFile(id, ctx);
  const role = roster.members.get(actor.member)?.role;
  if (found.member !== actor.member && role !== "owner" && role !== "admin") {
    throw ctx.fail("forbidden", "id: only who shared the file and admins may delete it");
  }
  await store.write.deleteFile({ mesh: actor.mesh, file: id, at: now() });
  await files.blobs.delete({ mesh: actor.mesh, file: id });
  return { id };
};
