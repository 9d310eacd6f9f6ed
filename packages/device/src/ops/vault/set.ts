import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { describeSecret } from "../../vault/own-entry.ts";
import { putSecret } from "../../vault/put-secret.ts";
import { targetMesh } from "../target-mesh.ts";

/** Seals a value here and keeps it at the broker; the same key again makes the next version. */
export const set: DeviceHandler<"vault.set"> = async ({ mesh, ...wish }, ctx) => {
  if ((wish.type === "file") !== (wish.mount !== undefined)) {
    throw new MeshError("malformed", "mount: goes with type file, and only with it", {
      detail: { field: "mount" },
    });
  }
  const row = targetMesh(ctx, mesh);
  const kept = await ctx.links.using(row, (link) => putSecret(ctx, row, link, wish));
  return describeSecret(kept.entry, kept.createdAt);
};
