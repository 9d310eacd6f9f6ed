import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { dropSharedFolder, sharedFolder } from "../../store/shared-folder-rows.ts";
import { targetMesh } from "../target-mesh.ts";

/** Ends the sharing of a folder; what was read stays read. */
export const unshare: DeviceHandler<"peerfile.unshare"> = async ({ mesh }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const folder = sharedFolder(ctx.store, row.mesh);
  if (folder === undefined) throw new MeshError("not_found", "no folder is shared in this mesh");
  ctx.store.write(() => dropSharedFolder(ctx.store, row.mesh));
  return { mesh: row.slug, path: folder.path };
};
