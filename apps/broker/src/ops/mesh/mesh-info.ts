import type { Roster } from "@claudemesh/crypto/verify";
import { MeshError, type MeshInfo, PROTOCOL_VERSION } from "@claudemesh/protocol";
import type { Services } from "../../handler.ts";

/** What the broker says of a mesh whose chain it has verified. */
export async function meshInfo(services: Services, roster: Roster): Promise<MeshInfo> {
  const row = await services.store.read.mesh(roster.mesh);
  if (row === undefined) throw new MeshError("unavailable", "the mesh cannot be read right now");
  const { policy } = roster;
  return {
    id: roster.mesh,
    slug: slugOf(policy.name),
    name: policy.name,
    createdAt: row.createdAt,
    members: roster.memberCount,
    online: services.presence.membersOnline(roster.mesh),
    seq: row.headSeq,
    head: roster.head,
    policy,
    serverTime: services.now(),
    version: PROTOCOL_VERSION,
  };
}

/** A mesh's name as lower-case words with dashes; `mesh` when nothing is left of it. Not unique, and follows the name. */
export function slugOf(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 50)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "mesh" : slug;
}
