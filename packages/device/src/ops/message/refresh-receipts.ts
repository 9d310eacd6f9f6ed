import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { drainFeed } from "../../feed/drain-feed.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import type { MembershipRow } from "../../store/memberships.ts";

/** Takes in what waits on the feed, receipts among it. Answers why the broker could not be asked, where it could not. Throws what contradicts the verified roster. */
export async function refreshReceipts(
  ctx: DeviceContext,
  row: MembershipRow,
): Promise<string | undefined> {
  try {
    const feed = await drainFeed(ctx, row);
    await feed?.stop();
    return undefined;
  } catch (error) {
    if (error instanceof MeshError && isUnreachable(error)) return error.message;
    throw error;
  }
}
