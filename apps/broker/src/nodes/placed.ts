import type { DeviceId, MemberId, SessionId, WirePeer } from "@claudemesh/protocol";
import type { KnownSession } from "../sessions/live-session.ts";

/** A session as nodes tell each other of it; what concerns its connection stays at its node. */
export interface PlacedSession extends KnownSession {
  /** it has lost its connection a moment ago */
  readonly isAway: boolean;
}

/** A member's device at a node. */
export interface PlacedDevice {
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly connections: number;
  readonly hasFeed: boolean;
  /** as it is listed; absent when it hides */
  readonly peer?: WirePeer & { readonly device: DeviceId };
}

/** An API key at a node. */
export interface PlacedKey {
  readonly peer: WirePeer;
  /** until when it counts as there, by its node's clock; absent while it holds a connection */
  readonly until?: number;
}

/** What something is told as: one letter for its kind, then its name. */
export type Subject = `d:${string}` | `k:${string}` | `s:${string}`;

export const sessionSubject = (session: SessionId): Subject => `s:${session}`;
export const deviceSubject = (member: MemberId, device: DeviceId): Subject =>
  `d:${member} ${device}`;
export const keySubject = (key: string): Subject => `k:${key}`;
