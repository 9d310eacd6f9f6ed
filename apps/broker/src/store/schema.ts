import type {
  Audience,
  DeviceId,
  Hash,
  InviteId,
  MemberId,
  MeshId,
  MessageId,
  SessionId,
  WelcomeBlob,
} from "@claudemesh/protocol";
import type { Generated } from "kysely";
import type { LogKind } from "./port.ts";

/** The tables as every dialect has them: times in integer ms, ids and JSON as text, `mesh` as the mesh's short number. */
export interface Schema {
  mesh: {
    no: Generated<number>;
    id: MeshId;
    slug: string;
    created_at: number;
    epoch: string;
    epoch_base: number;
    head_seq: number;
    /** the roster seq below which a sender's roster is stale */
    barrier_seq: number;
    roster_seq: number;
    roster_hash: Hash;
  };
  /** short numbers of the audiences that a mesh's log has had */
  audience: { no: Generated<number>; mesh: number; key: Audience };
  log: {
    mesh: number;
    seq: number;
    id: string;
    kind: LogKind;
    sender: MemberId | null;
    /** the audience's short number */
    audience: number;
    at: number;
    expires_at: number;
    contents_deleted_at: number | null;
    /** 1 for a direct message that ended without any device having it */
    expired: number;
    body: string | null;
  };
  idempotency: {
    mesh: number;
    sender: MemberId;
    id: string;
    digest: string;
    seq: number;
    at: number;
  };
  roster: { mesh: number; seq: number; hash: Hash; log_seq: number; entry: string };
  profile: { mesh: number; member: MemberId; version: number; hash: Hash; statement: string };
  device: {
    mesh: number;
    member: MemberId;
    device: DeviceId;
    /** where the device began; it never had what is at or before this */
    start_seq: number;
    cursor_seq: number;
    first_seen_at: number;
    last_seen_at: number;
  };
  /** sessions by whose keys messages are routed */
  session: {
    mesh: number;
    session: SessionId;
    member: MemberId;
    device: DeviceId;
    /** the signing key, 64 hex digits */
    key: string;
    attestation: string;
    not_after: number;
    attached_at: number;
    ended_at: number | null;
  };
  /** who answers a thread; `token` grows within a mesh */
  lease: {
    mesh: number;
    member: MemberId;
    thread: MessageId;
    token: number;
    device: DeviceId;
    session: SessionId;
    until: number;
  };
  invite: {
    id: InviteId;
    mesh: number;
    blob: WelcomeBlob | null;
    uses_left: number;
    /** when it stops letting people in, or let the last one in */
    ends_at: number;
  };
}
