import { realpathSync, statSync } from "node:fs";
import { isAbsolute, parse, sep } from "node:path";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { putSharedFolder } from "../../store/shared-folder-rows.ts";
import { requirePerson } from "../guard/only-people.ts";
import { targetMesh } from "../target-mesh.ts";

/** Lets peers of a mesh who may read files read this folder, in place of the one before. What claudemesh itself keeps, and whole disks, are never shared. */
export const share: DeviceHandler<"peerfile.share"> = async ({ mesh, path, dotfiles }, ctx) => {
  requirePerson(ctx, "share a folder");
  const row = targetMesh(ctx, mesh);
  const field = { detail: { field: "path" } };
  if (!isAbsolute(path)) throw new MeshError("malformed", "path: must be absolute", field);
  const real = realFolder(path);
  const own = `${realpathSync(ctx.home.paths.folder)}${sep}`;
  const inner = real.endsWith(sep) ? real : `${real}${sep}`;
  if (real === parse(real).root || own.startsWith(inner) || inner.startsWith(own)) {
    throw new MeshError("malformed", "path: claudemesh's own folder would be in it", field);
  }
  const at = ctx.now();
  ctx.store.write(() =>
    putSharedFolder(ctx.store, { mesh: row.mesh, path: real, dotfiles: dotfiles ? 1 : 0, at }),
  );
  return { mesh: row.slug, path: real, dotfiles, at };
};

function realFolder(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch {
    // Said below, like of what is no folder.
  }
  throw new MeshError("not_found", `path: there is no folder ${path}`, {
    detail: { field: "path" },
  });
}
