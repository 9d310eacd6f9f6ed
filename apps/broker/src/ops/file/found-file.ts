import { type FileId, type FileManifest, type FileNews, MeshError } from "@claudemesh/protocol";
import { mayOpen } from "../../blob/may-open.ts";
import type { MemberContext, Services } from "../../handler.ts";
import type { FileRow } from "../../store/files-port.ts";

type Context = MemberContext & Pick<Services, "now" | "store">;

/** A file that was uploaded and shared. */
export type SharedFile = FileRow & { readonly manifest: FileManifest };

/** A shared file that the caller may open. Throws `not_found` for any other: what is not there and what is not the caller's look the same. */
export async function foundFile(id: FileId, ctx: Context): Promise<SharedFile> {
  const row = await ctx.store.read.file(ctx.actor.mesh, id);
  if (row?.manifest !== undefined && (await mayOpen(row, ctx))) {
    return { ...row, manifest: row.manifest };
  }
  throw noFile();
}

/** The same of the caller's own. Throws `not_found` for what it may not open, `forbidden` for another's. */
export async function ownFile(id: FileId, ctx: Context): Promise<SharedFile> {
  const row = await foundFile(id, ctx);
  if (row.member === ctx.actor.member) return row;
  throw new MeshError("forbidden", "id: only who shared the file may do that");
}

export const noFile = (): MeshError =>
  new MeshError("not_found", "id: there is no file of that id");

/** What the caller gets of it: the manifest, and the key as it was sealed for the caller. */
export async function newsOf({ manifest, shared }: SharedFile, ctx: Context): Promise<FileNews> {
  const { actor, store } = ctx;
  const sealed = await store.read.fileSeal(actor.mesh, manifest.file, actor.member);
  return { manifest, ...(shared && { shared }), ...(sealed === undefined ? {} : { sealed }) };
}
