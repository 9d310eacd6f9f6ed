import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { viewPeers } from "../../sessions/view-peers.ts";
import { cachedRead } from "../cached-read.ts";
import { refreshMembers } from "../refresh-members.ts";
import { askedMesh } from "../target-mesh.ts";

/** Live sessions and connected people, under their verified names. */
export const list: DeviceHandler<"peer.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { answer, ageMs } = await cachedRead(ctx, row, nouns.peer.list.name, async (link) => {
    const { items } = await link.client.peer.list({});
    await refreshMembers(ctx, row, link);
    return { items, aheadMs: link.clockAheadMs };
  });
  const at = Math.round(ctx.now() + answer.aheadMs);
  return { items: viewPeers(ctx, row, answer.items, { at, isPast: ageMs > 0 }), ageMs };
};
