import { link, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { MeshError } from "@claudemesh/protocol";
import { catchUp } from "../../files/catch-up.ts";
import { download, isThere, partPath } from "../../files/download.ts";
import { findFile } from "../../files/find-file.ts";
import { describeFile, openNews } from "../../files/open-news.ts";
import { safeName } from "../../files/safe-name.ts";
import type { DeviceHandler } from "../../handler.ts";
import { storageError } from "../../home/storage-error.ts";
import { namedIn } from "../../names/member-names.ts";
import { askedMesh } from "../target-mesh.ts";

/** Fetches a file, opens and checks it, and only then gives it its name. */
export const get: DeviceHandler<"file.get"> = async ({ mesh, id, out, overwrite }, ctx) => {
  const row = askedMesh(ctx, mesh);
  if (!isAbsolute(out)) {
    throw new MeshError("malformed", "out: must be absolute", { detail: { field: "out" } });
  }
  const file = await findFile(ctx, row, id);
  const {
    expiresAt: _,
    ticket,
    ...news
  } = await ctx.links.using(row, ({ client }) => client.file.get({ id: file }));
  await catchUp(ctx, row, [news]);
  const opened = openNews(ctx, row, news);
  const { inside, manifest } = opened;
  if (manifest.file !== file) {
    throw new MeshError("bad_signature", "the broker gave another file than the one asked for");
  }
  if (inside === undefined) {
    throw new MeshError("not_found", "id: this home does not have the key of that file", {
      hint: "ask who shared it: claudemesh file grant <id> --to <you>",
    });
  }
  const path = await placeFor(out, safeName(inside.name, file));
  const loss = () =>
    new MeshError("exists", `out: ${path} is there already`, {
      hint: "give another name with --out, or --yes to replace it",
      detail: { field: "out", confirm: { field: "overwrite", word: basename(path) } },
    });
  if (!overwrite && (await isThere(path))) throw loss();
  const part = partPath(path, file);
  try {
    await ctx.transfers.watch(
      { id: file, name: inside.name, direction: "down", bytes: inside.bytes },
      (counting) => download(ctx, row, { manifest, inside, ticket }, { part, counting }),
    );
    if (overwrite) await rename(part, path);
    else {
      // Another name of the same file: unlike a rename it never replaces what came meanwhile.
      await link(part, path).catch((error: { code?: unknown }) => {
        throw error.code === "EEXIST" ? loss() : error;
      });
      await rm(part);
    }
  } catch (error) {
    throw storageError(error, path);
  }
  return { ...describeFile(ctx, row, opened, namedIn(ctx, row.mesh)), path };
};

/** A folder takes the file's own name; anything else is the name. Throws `not_found` without the folder. */
async function placeFor(out: string, name: string): Promise<string> {
  const isFolder = (path: string) =>
    stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
  if (await isFolder(out)) return join(out, name);
  if (!out.endsWith("/") && (await isFolder(dirname(out)))) return out;
  throw new MeshError("not_found", `out: there is no folder ${dirname(out)}`, {
    detail: { field: "out" },
  });
}
