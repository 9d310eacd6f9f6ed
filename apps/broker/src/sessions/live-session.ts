import type {
  Attestation,
  DeviceId,
  MemberId,
  MeshId,
  PeerStatus,
  SessionInfo,
  SessionStats,
  ShownInfo,
  WirePeer,
} from "@claudemesh/protocol";

/** What every node knows of a session that is attached, or lost its connection a moment ago. */
export interface KnownSession {
  readonly mesh: MeshId;
  readonly member: MemberId;
  readonly device: DeviceId;
  attestation: Attestation;
  /** for which time it is attached */
  attaches: number;
  info: ShownInfo;
  readonly connectedAt: number;
  lastSeenAt: number;
}

/** A session that is attached at this node. */
export interface LiveSession extends KnownSession {
  /** the connection it is attached to */
  connection: string;
  /** since when it is without its connection */
  awaySince: number | undefined;
}

/** What may be set on a session or on a device as a whole. */
export interface PresenceChange {
  readonly status?: PeerStatus;
  readonly summary?: string;
  readonly visible?: boolean;
  readonly stats?: SessionStats;
}

/** As it is told to others. */
export const asPeer = (
  { attestation, connectedAt, device, info, lastSeenAt, member }: KnownSession,
  live = true,
): WirePeer => ({
  member,
  device,
  type: info.type,
  connectedAt,
  session: { attestation, info, live, lastSeenAt },
});

/** What is shown of what a session says: no status from the future, no empty summary, and not whom it follows. */
export function shownInfo({ previous: _, ...info }: SessionInfo, now: number): ShownInfo {
  return changed(info, { status: info.status }, now);
}

/** `info` with a change made. */
export function changed(info: ShownInfo, change: PresenceChange, now: number): ShownInfo {
  const { summary = info.summary, stats, status, visible } = change;
  const { summary: _, ...rest } = info;
  return {
    ...rest,
    ...(summary === undefined || summary === "" ? {} : { summary }),
    ...(stats === undefined ? {} : { stats }),
    ...(visible === undefined ? {} : { visible }),
    ...(status === undefined ? {} : { status: { ...status, at: Math.min(status.at, now) } }),
  };
}
