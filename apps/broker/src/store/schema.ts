import type {
  ApiKeyId,
  Audience,
  DeviceId,
  FileId,
  Hash,
  InviteId,
  InviterHeadBlob,
  JobId,
  MemberId,
  MeshId,
  MessageId,
  SessionId,
  SignKey,
  StreamName,
  TopicId,
  TopicRole,
  TopicVisibility,
  WelcomeBlob,
} from "@claudemesh/protocol";
import type { Generated } from "kysely";
import type { JobKind, JobLane } from "./jobs-port.ts";
import type { LogKind } from "./port.ts";

/** The tables as every dialect has them: times in integer ms, ids and JSON as text, `mesh` as the mesh's short number. */
export interface Schema {
  /** keys of programs; capabilities and topics as JSON */
  api_key: {
    mesh: number;
    id: ApiKeyId;
    name: string;
    hash: Hash;
    owner: MemberId;
    capabilities: string;
    topics: string | null;
    created_at: number;
    expires_at: number | null;
    revoked_at: number | null;
    used_at: number | null;
  };
  /** what a key's commands were answered */
  api_answer: {
    mesh: number;
    api_key: ApiKeyId;
    idempotency: string;
    digest: string;
    output: string;
    at: number;
  };
  /** the audit chain of each mesh; `body` is canonical JSON, `hash` that of it */
  audit: { mesh: number; seq: number; at: number; hash: Hash; body: string };
  /** what the broker does by itself for members */
  job: {
    mesh: number;
    id: JobId;
    kind: JobKind;
    author: MemberId;
    spec: string;
    secret: string | null;
    state: string;
    created_at: number;
    lane: JobLane;
    due_at: number | null;
    planned_at: number | null;
    fails: number;
    stopped: string | null;
  };
  migration: { name: string; hash: string; applied_at: number };
  /** where each audit chain ends; `anchor` is the signed statement of the last row that is not kept any more */
  audit_chain: { mesh: number; seq: number; hash: Hash; anchor: string | null };
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
    /** of the newest restore; null where there was none */
    restored_at: Generated<number | null>;
    /** up to which seq every epoch of the log says the same */
    restored_base: Generated<number | null>;
    /** 1 from a restore until an owner confirms the roster */
    unconfirmed: Generated<number>;
  };
  /** short numbers of the audiences that a mesh's log has had */
  audience: { no: Generated<number>; mesh: number; key: Audience };
  /** which groups and topics a member is in, between which places of the log */
  audience_member: {
    mesh: number;
    member: MemberId;
    audience: Audience;
    from_seq: number;
    until_seq: number | null;
  };
  /** the roster seq below which a sender's roster is stale for a private topic */
  topic_barrier: { mesh: number; topic: TopicId; seq: number };
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
    /** of a write of shared data: the version before */
    replaced: number | null;
  };
  roster: { mesh: number; seq: number; hash: Hash; log_seq: number; entry: string };
  grants: { mesh: number; member: MemberId; version: number; hash: Hash; statement: string };
  /** who is connected at which node; `mesh` is the mesh's id */
  presence: { node: string; mesh: MeshId; subject: string; body: string };
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
  /** devices that have called without a feed */
  device_call: {
    mesh: number;
    member: MemberId;
    device: DeviceId;
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
    attaches: Generated<number>;
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
  /** rows of key bundles */
  key_row: { mesh: number; recipient: MemberId; commitment: Hash; author: SignKey; body: string };
  /** bundles whose key no roster entry has begun */
  key_offered: { mesh: number; author: SignKey; commitment: Hash; at: number };
  /** keys that the roster has begun; `topic` is empty for a mesh key, `over_at` null for the newest of its kind */
  key_begun: { mesh: number; commitment: Hash; topic: TopicId | ""; over_at: number | null };
  /** who waits for which key */
  key_want: { mesh: number; member: MemberId; commitment: Hash; at: number };
  /** shared data, one row per record; `written` as JSON, `topic` empty where it is the whole mesh's */
  record: {
    no: Generated<number>;
    mesh: number;
    noun: string;
    topic: TopicId | "";
    key: string;
    version: number;
    status: string;
    author: MemberId;
    at: number;
    written: string;
    /** what full-text search finds it by; empty for what it does not find */
    words: string;
  };
  /** how many records count towards what a mesh may have */
  record_count: { mesh: number; noun: string; count: number };
  /** shared files; `manifest` is null until one was uploaded and shared */
  file: {
    mesh: number;
    file: FileId;
    member: MemberId;
    bytes: number;
    audience: string;
    manifest: string | null;
    shared: string | null;
    seq: number;
    at: number;
    expires_at: number | null;
  };
  /** a file's key for one member */
  file_seal: { mesh: number; file: FileId; member: MemberId; sealed: string };
  /** who fetched a file to its end */
  file_download: {
    mesh: number;
    file: FileId;
    member: MemberId;
    count: number;
    first_at: number;
    last_at: number;
  };
  invite: {
    id: InviteId;
    mesh: number;
    blob: WelcomeBlob | null;
    head: InviterHeadBlob | null;
    uses_left: number;
    /** when it stops letting people in, or let the last one in */
    ends_at: number;
  };
  topic: {
    mesh: number;
    topic: TopicId;
    name: string;
    visibility: TopicVisibility;
    hash: Hash;
    statement: string;
    created_at: number;
    ended_at: number | null;
  };
  /** who is in a public topic */
  topic_member: { mesh: number; topic: TopicId; member: MemberId; role: TopicRole };
  /** which public topics a removed member was in */
  topic_left: { mesh: number; member: MemberId; topic: TopicId; role: TopicRole };
  /** that there is a stream; `topic` is empty where it is for everyone */
  stream: {
    mesh: number;
    name: StreamName;
    topic: TopicId | "";
    by_member: MemberId;
    created_at: number;
  };
  /** secrets of members, sealed to their own keys */
  vault: {
    mesh: number;
    member: MemberId;
    key: string;
    version: number;
    created_at: number;
    entry: string;
    ciphertext: string;
  };
  node: {
    id: string;
    address: string;
    version: string;
    keys: string;
    started_at: number;
    seen_at: number;
    beat: number;
    told: number;
  };
  node_order: { id: Generated<number>; mesh: MeshId; what: string; body: string; at: number };
  /** which messages to many name a member */
  notification: {
    mesh: number;
    member: MemberId;
    seq: number;
    expires_at: number;
    read_at: number | null;
  };
  /** how far a member has read a topic */
  topic_read: { mesh: number; member: MemberId; topic: TopicId; seq: number };
}
