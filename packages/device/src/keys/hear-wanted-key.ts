import type { KeyWanted, MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { getMembership } from "../store/memberships.ts";
import { inBackground } from "./keep-keys.ts";
import { serveKeys } from "./serve-keys.ts";

/** Another member lacks keys, by the broker's word: what is here and what the chain lets it have is sealed to it at once. */
export const hearWantedKey = (
  ctx: DeviceContext,
  mesh: MeshId,
  { member, commitments }: KeyWanted,
): void =>
  inBackground(ctx, mesh, async () => {
    const row = getMembership(ctx.store, mesh);
    if (row === undefined) return;
    const wants = commitments.map((commitment) => ({ member, commitment }));
    await ctx.links.using(row, (link) => serveKeys(ctx, row, link, wants));
  });
