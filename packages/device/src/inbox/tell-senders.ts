import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { drainFeed } from "../feed/drain-feed.ts";
import { sendReceipts } from "../feed/send-receipts.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { listMemberships, type MembershipRow } from "../store/memberships.ts";
import { hasReceipts } from "../store/receipt-rows.ts";

/** Sends what is due to senders; what cannot be sent now goes out at the next connection, or by the process that holds the feed. */
export async function tellSenders(ctx: DeviceContext): Promise<void> {
  const rows = listMemberships(ctx.store).filter(({ mesh }) => hasReceipts(ctx.store, mesh));
  await Promise.all(rows.map((row) => tellOver(ctx, row).catch(quietly)));
}

async function tellOver(ctx: DeviceContext, row: MembershipRow): Promise<void> {
  const feed = await drainFeed(ctx, row);
  if (feed === undefined) return;
  try {
    // The one loop of a shared feed has sent them before it counts as current.
    if (!feed.isShared) await sendReceipts(ctx, row, feed.link.client);
  } finally {
    await feed.stop();
  }
}

/** Passes over what the next connection makes good; anything else is a defect and goes on. */
export function quietly(error: unknown): void {
  if (!(error instanceof MeshError)) throw error;
  // The broker's disk may be full, too: what is due is kept here until it has space.
  const isPassing = isUnreachable(error) || error.code === "disk_full";
  if (!isPassing && error.row.exit === 8) throw error;
}
