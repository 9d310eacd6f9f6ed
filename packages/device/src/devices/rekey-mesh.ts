import { buildRekey } from "@claudemesh/crypto";
import type { DeviceContext } from "../context.ts";
import { appendWithKey } from "../keys/append-with-key.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { getMembership, type MembershipRow } from "../store/memberships.ts";

/** Replaces this member's keys in a mesh by those of the seed in force, with a new mesh key for everyone; nothing where they are its already. */
export async function rekeyMesh(
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  link: MeshLink,
): Promise<void> {
  const row = getMembership(ctx.store, mesh);
  const next = row && ctx.keyring.due(row);
  if (row === undefined || next === undefined) return;
  const { member } = row;
  const { keys, signer: newSigner } = next;
  try {
    await appendWithKey(ctx, row, link, {
      rekeyed: { member, seal: keys.seal },
      make: (roster, { commitment }, by) =>
        buildRekey(roster, { ...by, member, keys, newSigner, commitment }),
      send: (entry) => link.client.roster.append({ entry }),
    });
  } catch (error) {
    // Another part of this home was faster: the keys are there.
    const now = getMembership(ctx.store, mesh);
    if (now !== undefined && ctx.keyring.due(now) !== undefined) throw error;
  }
}
