import { openSecret } from "@claudemesh/crypto";
import { type ErrorCode, MeshError, type MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { getMembership } from "../store/memberships.ts";
import { requireOwnEntry } from "./own-entry.ts";
import { putVersion } from "./put-secret.ts";

/** It was deleted or set meanwhile, or is not what its owner signed: there is nothing to seal anew. */
const passed: readonly ErrorCode[] = ["bad_signature", "conflict", "not_found"];

/** Seals to the member's new keys what is in its vault under those of this home that they have replaced; what does not open stays as it is. */
export async function sealVaultAnew(
  ctx: DeviceContext,
  mesh: MeshId,
  link: MeshLink,
): Promise<void> {
  // Only a home that had another seed can have keys that were replaced and still open what was sealed to them.
  const row = ctx.earlierSeeds().length === 0 ? undefined : getMembership(ctx.store, mesh);
  if (row === undefined) return;
  const { items } = await link.client.vault.list({});
  for (const { entry } of items) {
    if (entry.author === row.sign_key) continue;
    if (ctx.keyring.find(row, entry.author) === undefined) continue;
    const { key } = entry;
    try {
      const kept = await link.client.vault.get({ key });
      requireOwnEntry(ctx, row, kept.entry, key);
      const { type, mount, setAt, version } = kept.entry;
      const value = openSecret(kept.entry, kept.ciphertext, ctx.secretOf(row).opener);
      const wish = { key, type, mount, setAt, value, version: version + 1 };
      await putVersion(ctx, row, link, wish);
    } catch (error) {
      if (!(error instanceof MeshError) || !passed.includes(error.code)) throw error;
      ctx.log("warn", `a secret of the vault was not sealed anew: ${error.code}`);
    }
  }
}
