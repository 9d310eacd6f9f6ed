import { findFile } from "../../files/find-file.ts";
import { giveUpUpload } from "../../files/give-up-upload.ts";
import type { DeviceHandler } from "../../handler.ts";
import { dropUpload, uploadRows } from "../../store/upload-rows.ts";
import { targetMesh } from "../target-mesh.ts";

/** Deletes a file for everyone; one that still waits here is taken back. */
export const del: DeviceHandler<"file.delete"> = async ({ mesh, id }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const waiting = uploadRows(ctx.store, row.mesh).filter((one) => one.id.endsWith(id));
  const [only] = waiting;
  if (only !== undefined && waiting.length === 1) {
    ctx.store.write(() => dropUpload(ctx.store, only.id));
    await giveUpUpload(ctx, row, only.id);
    return { id: only.id, name: only.name };
  }
  const file = await findFile(ctx, row, id);
  return ctx.links.using(row, ({ client }) => client.file.delete({ id: file }));
};
