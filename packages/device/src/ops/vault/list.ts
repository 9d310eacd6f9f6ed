import type { DeviceHandler } from "../../handler.ts";
import { describeSecret, requireOwnEntry } from "../../vault/own-entry.ts";
import { askedMesh } from "../target-mesh.ts";

/** What is in the vault, each secret checked for its owner's signature. */
export const list: DeviceHandler<"vault.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { items } = await ctx.links.using(row, ({ client }) => client.vault.list({}));
  return {
    items: items.map(({ entry, createdAt }) => {
      requireOwnEntry(ctx, row, entry);
      return describeSecret(entry, createdAt);
    }),
  };
};
