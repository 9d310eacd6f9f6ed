import type { MeshId, PeerEvent } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { getMembership } from "../store/memberships.ts";
import { viewPeers } from "./view-peers.ts";

/** Passes on what is heard of a peer; a failure is logged, since news of peers is nothing to end a connection for. */
export function hearPeerQuietly(ctx: DeviceContext, mesh: MeshId, event: PeerEvent): void {
  try {
    hearPeer(ctx, mesh, event);
  } catch (error) {
    ctx.log("warn", `news of a peer was passed over: ${error}`);
  }
}

/** Passes on that a session of another member came, went or came back, unless the broker made it up. */
function hearPeer(ctx: DeviceContext, mesh: MeshId, event: PeerEvent): void {
  const row = getMembership(ctx.store, mesh);
  if (row === undefined || event.peer.member === row.member) return;
  const check = { at: event.at, isPast: event.kind === "peer_left" };
  const [peer] = viewPeers(ctx, row, [event.peer], check);
  if (peer === undefined) return;
  const returned = event.kind === "peer_returned";
  ctx.events.tell({
    type: event.kind,
    mesh,
    at: event.at,
    peer,
    ...(returned ? { lastSeenAt: event.lastSeenAt } : {}),
    ...(returned && event.summary !== undefined ? { summary: event.summary } : {}),
  });
}
