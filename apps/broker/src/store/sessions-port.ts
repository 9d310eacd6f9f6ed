import type {
  Attestation,
  DeviceId,
  MemberId,
  MeshId,
  MessageId,
  SessionId,
} from "@claudemesh/protocol";

/** A lease's fencing token; it grows within a mesh. */
export interface LeaseToken {
  readonly thread: MessageId;
  readonly token: number;
}

export interface SessionPut {
  readonly mesh: MeshId;
  readonly attestation: Attestation;
  /** the session's signing key, 64 hex digits */
  readonly key: string;
  readonly at: number;
}

/** A session as the store knows it, whether attached or not. */
export interface SessionRow {
  readonly attestation: Attestation;
  readonly attachedAt: number;
  readonly endedAt: number | null;
}

export interface LeaseClaim extends LeaseHolder {
  readonly mesh: MeshId;
  readonly member: MemberId;
  readonly thread: MessageId;
  readonly at: number;
  readonly until: number;
}

export interface LeaseHolder {
  readonly device: DeviceId;
  readonly session: SessionId;
}

export interface LeaseOutcome {
  readonly granted: boolean;
  readonly token: number;
  readonly until: number;
  readonly holder: LeaseHolder;
}
