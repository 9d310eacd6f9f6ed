import type { CallTable } from "./call-table.ts";
import type { Feed } from "./feed.ts";
import type { Link } from "./link.ts";

/**
 * Decides what calls and a feed that fell behind mean for the connection. With nothing else to do it is closed until the reader has caught up. A call keeps or makes it
 * open (its reply may be what the reader waits for), and once there is room again, the calls under way are let finish before the connection is renewed at the cursor.
 */
export function relieve(link: Link, feed: Feed, calls: CallTable): void {
  if (link.phase === "paused") {
    if (calls.size > 0 || (feed.behind && feed.hasRoom)) link.dial();
    return;
  }
  if (link.phase !== "open" || !feed.behind) return;
  if (!feed.hasRoom) {
    if (calls.size === 0) link.pause();
    return;
  }
  calls.hold();
  if (calls.inFlight > 0) return;
  link.pause();
  link.dial();
}
