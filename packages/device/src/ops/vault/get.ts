import { openSecret } from "@claudemesh/crypto";
import type { DeviceHandler } from "../../handler.ts";
import { describeSecret, requireOwnEntry } from "../../vault/own-entry.ts";
import { askedMesh } from "../target-mesh.ts";

/** Fetches a secret and opens it here, once its owner's signature is checked. */
export const get: DeviceHandler<"vault.get"> = async ({ key, mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const kept = await ctx.links.using(row, ({ client }) => client.vault.get({ key }));
  const { entry, ciphertext, createdAt } = kept;
  requireOwnEntry(ctx, row, entry, key);
  const value = openSecret(entry, ciphertext, ctx.secretOf(row).opener);
  return { ...describeSecret(entry, createdAt), value };
};
