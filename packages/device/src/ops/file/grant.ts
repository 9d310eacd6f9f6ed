import { MeshError } from "@claudemesh/protocol";
import { catchUp } from "../../files/catch-up.ts";
import { findFile } from "../../files/find-file.ts";
import { openNews } from "../../files/open-news.ts";
import { sealRows } from "../../files/share-uploaded.ts";
import type { DeviceHandler } from "../../handler.ts";
import { targetMesh } from "../target-mesh.ts";
import { membersNamed } from "./members-named.ts";

/** Seals a file's key to more members; its ciphertext stays as it is. */
export const grant: DeviceHandler<"file.grant"> = async ({ mesh, id, to }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const found = await membersNamed(ctx, row, to);
  const file = await findFile(ctx, row, id);
  const {
    ticket: _,
    expiresAt: __,
    ...news
  } = await ctx.links.using(row, ({ client }) => client.file.get({ id: file }));
  await catchUp(ctx, row, [news]);
  const { inside, manifest } = openNews(ctx, row, news);
  if (inside === undefined || manifest.file !== file) {
    throw new MeshError("not_found", "id: this home does not have the key of that file");
  }
  const rows = sealRows(ctx, row, { manifest, inside }, [...new Set(found.map((one) => one.id))]);
  const done = await ctx.links.using(row, ({ client }) => client.file.grant({ id: file, rows }));
  return { ...done, to: found.map(({ name }) => name) };
};
