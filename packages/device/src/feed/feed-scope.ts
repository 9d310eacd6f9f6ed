import type { LogEvent } from "@claudemesh/protocol";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";

export type MessageEvent = Pick<Extract<LogEvent, { kind: "message" }>, "seq" | "body">;

/** What taking an event needs besides the device: the membership, and a way to fetch newer roster entries. */
export interface FeedScope {
  readonly row: MembershipRow;
  readonly syncRoster: () => Promise<void>;
  /** the connection that brings the events, where there is one */
  readonly link?: MeshLink;
}
