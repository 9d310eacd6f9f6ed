import type { LogEvent } from "@claudemesh/protocol";
import type { MembershipRow } from "../store/memberships.ts";

export type MessageEvent = Pick<Extract<LogEvent, { kind: "message" }>, "seq" | "body">;

/** What taking an event needs besides the device: the membership, and a way to fetch newer roster entries. */
export interface FeedScope {
  readonly row: MembershipRow;
  readonly syncRoster: () => Promise<void>;
}
