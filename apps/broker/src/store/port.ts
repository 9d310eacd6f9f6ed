import type {
  Audience,
  DeviceId,
  Grants,
  Hash,
  InviteId,
  InviterHeadBlob,
  KeyBundleRow,
  MemberId,
  MeshId,
  MessageId,
  Profile,
  RosterEntry,
  SessionId,
  TopicId,
  WelcomeBlob,
} from "@claudemesh/protocol";
import type { ApiKeyReads, ApiKeyWrites } from "./api-keys-port.ts";
import type { AuditNote, AuditReads, AuditWrites } from "./audit-port.ts";
import type { FileReads, FileWrites } from "./files-port.ts";
import type { JobReads, JobWrites } from "./jobs-port.ts";
import type { NodeReads, NodeWrites } from "./nodes-port.ts";
import type { NotificationReads, NotificationWrites } from "./notifications-port.ts";
import type { RecordReads, RecordWrites } from "./records-port.ts";
import type { KeyBegin, MeshCreate, MeshRow, RosterAppend, RosterOutcome } from "./roster-port.ts";
import type {
  LeaseClaim,
  LeaseOutcome,
  LeaseToken,
  SessionPut,
  SessionRow,
} from "./sessions-port.ts";
import type { StreamReads, StreamWrites } from "./stream-port.ts";
import type { TopicReads, TopicWrites } from "./topics-port.ts";
import type { VaultReads, VaultWrites } from "./vault-port.ts";

export type {
  KeyBegin,
  LeaseClaim,
  LeaseOutcome,
  LeaseToken,
  MeshCreate,
  MeshRow,
  RosterAppend,
  RosterOutcome,
  SessionPut,
  SessionRow,
};

/** What kind of thing a log entry carries; `notice` is the broker's own unsigned word. */
export type LogKind =
  | "call"
  | "file"
  | "grants"
  | "key"
  | "mention"
  | "message"
  | "notice"
  | "plain"
  | "profile"
  | "receipt"
  | "record"
  | "roster"
  | "topic";

/** One entry of a mesh's log. `body` is JSON text as the sender sent it; null once its contents were deleted. */
export interface LogEntry {
  readonly seq: number;
  readonly id: string;
  readonly audience: Audience;
  readonly kind: LogKind;
  readonly sender: MemberId | null;
  readonly at: number;
  readonly body: string | null;
  /** who enters or leaves an audience with this entry; only where it is told as appended */
  readonly moves?: readonly AudienceMove[];
}

/** A member enters or leaves a group or topic. */
export interface AudienceMove {
  readonly member: MemberId;
  readonly audience: Audience;
  readonly enters: boolean;
}

/** Part of the log that a member sees of an audience: what comes after `from`, up to `until` where that is set. */
export interface AudienceSpan {
  readonly audience: Audience;
  readonly from: number;
  readonly until: number | null;
}

/** Where a log ends or a cursor stands. `id` outlives the deletion of the entry's contents. */
export interface LogPosition {
  readonly epoch: string;
  readonly seq: number;
  readonly id: string;
}

/** A message (or receipt) to append: idempotent by (mesh, sender, id) with `digest`. */
export interface MessageAppend {
  readonly mesh: MeshId;
  readonly sender: MemberId;
  readonly id: string;
  readonly digest: string;
  readonly audience: Audience;
  readonly kind: "message" | "plain" | "receipt";
  readonly body: string;
  /** the roster position the sender had verified; null for what does not depend on it */
  readonly rosterSeq: number | null;
  readonly at: number;
  readonly expiresAt: number;
  /** the lease under which an answer is sent */
  readonly lease?: LeaseToken | undefined;
  /** who is told that a post to this public topic names them, where they are not in it */
  readonly mentions?:
    | { readonly topic: TopicId; readonly members: readonly MemberId[] }
    | undefined;
  /** whom what goes to many names, of those who may read it: each has a notification of it */
  readonly named?: readonly MemberId[] | undefined;
}

export type MessageOutcome =
  | {
      readonly result: "accepted";
      readonly seq: number;
      readonly at: number;
      readonly repeated: boolean;
    }
  | { readonly result: "conflict" }
  /** another session has taken the thread over since the lease was given; nothing was recorded */
  | { readonly result: "fenced" }
  /** the sender's roster is older than the last removal, rekey or epoch; nothing was recorded */
  | { readonly result: "stale"; readonly barrier: number };

export interface ProfileAppend {
  readonly mesh: MeshId;
  /** the roster position by which its author was judged */
  readonly rosterSeq: number;
  readonly profile: { readonly statement: Profile; readonly hash: Hash };
  readonly at: number;
  readonly expiresAt: number;
}

export interface GrantsPut {
  readonly mesh: MeshId;
  /** the roster position by which their author was judged */
  readonly rosterSeq: number;
  readonly grants: Grants;
  readonly hash: Hash;
  readonly at: number;
  readonly expiresAt: number;
}

export interface Ack {
  readonly mesh: MeshId;
  readonly member: MemberId;
  readonly device: DeviceId;
  /** everything up to here is durable at the device; null leaves the cursor where it is */
  readonly seq: number | null;
  readonly receipts: readonly MessageAppend[];
  readonly at: number;
  /** devices last seen before this do not hold up deletion */
  readonly retiredBefore: number;
}

export interface AckOutcome {
  readonly position: LogPosition;
  readonly receipts: readonly MessageOutcome[];
}

/** When a device was there. */
export interface SeenDevice {
  readonly device: DeviceId;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

export interface DeviceRow {
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly cursorSeq: number;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** The broker's own record of one message; contents are not part of it. */
export interface MessageRecord {
  readonly id: MessageId;
  readonly seq: number;
  readonly sender: MemberId;
  readonly audience: Audience;
  readonly acceptedAt: number;
  readonly expiresAt: number;
  readonly contentsDeletedAt: number | null;
  readonly expired: boolean;
}

/** Every write is one of these, run inside the writer's batch, and undone alone should it throw; the promise settles after the commit is on stable storage. */
export interface StoreWrites
  extends ApiKeyWrites,
    AuditWrites,
    FileWrites,
    JobWrites,
    NodeWrites,
    NotificationWrites,
    RecordWrites,
    StreamWrites,
    TopicWrites,
    VaultWrites {
  createMesh(input: MeshCreate): Promise<"created" | "exists">;
  appendRoster(input: RosterAppend): Promise<RosterOutcome>;
  /** Keeps what a member lets others do, if its version is the highest, and tells that member's devices. "barred" where the author was judged by a roster before the last barrier. */
  appendGrants(input: GrantsPut): Promise<{ seq: number } | "stale" | "barred">;
  /** As `appendGrants`, of a profile, which all are told. */
  appendProfile(input: ProfileAppend): Promise<{ seq: number } | "stale" | "barred">;
  appendMessage(input: MessageAppend): Promise<MessageOutcome>;
  /** Moves a device's cursor, appends its receipts, and deletes contents that every live device of the member has. */
  ack(input: Ack): Promise<AckOutcome>;
  /**
   * Records a device's connection; a new device starts at `startSeq`. Answers where it stands. Of one member at most `limits.devicesPerMember` are known: the one
   * that was silent longest gives way.
   */
  seenDevice(input: {
    mesh: MeshId;
    member: MemberId;
    device: DeviceId;
    startSeq: number;
    at: number;
  }): Promise<{ cursorSeq: number }>;
  /** Records that a device called without a feed; it holds nothing up. As many of one member are known as with feeds. */
  calledDevice(input: {
    mesh: MeshId;
    member: MemberId;
    device: DeviceId;
    at: number;
  }): Promise<void>;
  /** Keeps verified rows of key bundles, each with the id that its log entry gets; a row of a key that the roster has begun is told to its recipient. Answers how many are new. */
  putKeyRows(input: {
    mesh: MeshId;
    rows: readonly { readonly row: KeyBundleRow; readonly id: string }[];
    at: number;
    expiresAt: number;
  }): Promise<number>;
  /** Notes that a member lacks keys, until someone leaves rows of them for it. */
  wantKeys(input: {
    mesh: MeshId;
    member: MemberId;
    commitments: readonly Hash[];
    at: number;
  }): Promise<void>;
  /** Forgets the rows of keys under which nothing is left, and of those offered before `offeredBefore` that no entry began; at most `limit` keys. Answers how many. */
  forgetKeyRows(input: { now: number; offeredBefore: number; limit: number }): Promise<number>;
  putWelcome(input: {
    mesh: MeshId;
    invite: InviteId;
    blob: WelcomeBlob;
    head?: InviterHeadBlob | undefined;
    at: number;
  }): Promise<void>;
  /** Deletes contents past their time, at most `limit`; a direct message that no device had stored leaves a notice for its sender. Of one mesh, or of all. Answers how many. */
  expire(input: { now: number; limit: number; mesh?: MeshId }): Promise<number>;
  /** Deletes the welcome blobs of invites that have let nobody in since `before`: expired, used up, or revoked. Answers how many. */
  forgetWelcomes(input: { before: number; limit: number }): Promise<number>;
  /** Keeps a session, its newest attestation and that it is attached; answers for which time. "taken" when its id is that of another member's or device's, or was attested with other keys. */
  putSession(input: SessionPut): Promise<number | "taken">;
  /** Marks a session as ended for good. Answers whether it was not yet. */
  endSession(input: { mesh: MeshId; session: SessionId; at: number }): Promise<boolean>;
  /** Gives a thread's lease to a session, unless another holds it. The holder keeps its token; a new holder's is higher than every one before. */
  claimLease(input: LeaseClaim): Promise<LeaseOutcome>;
  /** Ends the leases of a session; their tokens count until another takes over. Answers how many. */
  releaseLeases(input: { mesh: MeshId; session: SessionId; at: number }): Promise<number>;
  /** Forgets sessions whose attestation was over before `before`, at most `limit`. Answers how many. */
  forgetSessions(input: { before: number; limit: number }): Promise<number>;
  /** Forgets leases over before `before`, but each mesh's highest token; at most `limit`. Answers how many. */
  forgetLeases(input: { before: number; limit: number }): Promise<number>;
  /** Forgets idempotency keys older than `before`, at most `limit`. */
  forgetKeys(input: { before: number; limit: number }): Promise<number>;
}

export interface StoreReads
  extends ApiKeyReads,
    AuditReads,
    FileReads,
    JobReads,
    NodeReads,
    NotificationReads,
    RecordReads,
    StreamReads,
    TopicReads,
    VaultReads {
  /** The name of the newest migration that the store has. */
  lastMigration(): Promise<string | undefined>;
  meshes(): Promise<readonly MeshRow[]>;
  mesh(id: MeshId): Promise<MeshRow | undefined>;
  position(mesh: MeshId, seq: number): Promise<LogPosition | undefined>;
  /** Roster entries with `seq` above `after`, in order. */
  roster(mesh: MeshId, after: number, limit: number): Promise<readonly RosterEntry[]>;
  /** The log seq of a roster entry, where the member's view begins. */
  rosterLogSeq(mesh: MeshId, rosterSeq: number): Promise<number | undefined>;
  /** Log entries above `after` up to `upTo` for any of `audiences`, or within one of `spans`, with contents, in order. */
  log(
    mesh: MeshId,
    query: {
      after: number;
      upTo: number;
      audiences: readonly Audience[];
      spans?: readonly AudienceSpan[];
      limit: number;
    },
  ): Promise<readonly LogEntry[]>;
  /** Where a member's view takes in groups and topics, as far as it reaches beyond `after`. */
  spans(
    mesh: MeshId,
    query: { readonly member: MemberId; readonly after: number },
  ): Promise<readonly AudienceSpan[]>;
  /** Who is in a group or topic now, at most `limit`. */
  bearers(mesh: MeshId, audience: Audience, limit: number): Promise<readonly MemberId[]>;
  /** What each member that said anything lets others do. */
  grants(mesh: MeshId): Promise<readonly Grants[]>;
  profiles(mesh: MeshId): Promise<readonly Profile[]>;
  /** Known devices of a mesh, or of one member. */
  devices(mesh: MeshId, member?: MemberId): Promise<readonly DeviceRow[]>;
  /** Every device of a member that has connected, with a feed or without, the one seen last first. */
  memberDevices(mesh: MeshId, member: MemberId): Promise<readonly SeenDevice[]>;
  /** One of them. */
  memberDevice(
    mesh: MeshId,
    query: { readonly member: MemberId; readonly device: DeviceId },
  ): Promise<SeenDevice | undefined>;
  session(mesh: MeshId, session: SessionId): Promise<SessionRow | undefined>;
  /** The sessions that a device has had, as long as they are kept. */
  sessionsOf(mesh: MeshId, member: MemberId, device: DeviceId): Promise<readonly SessionId[]>;
  /** Sessions whose signing key begins with these hex digits and whose attestation is good at `at`, at most `limit`. */
  sessionsByKey(
    mesh: MeshId,
    query: { key: string; at: number; limit: number },
  ): Promise<readonly SessionRow[]>;
  /** A member's rows of these keys. */
  keyRows(
    mesh: MeshId,
    query: { readonly member: MemberId; readonly commitments: readonly Hash[] },
  ): Promise<readonly KeyBundleRow[]>;
  /** Who waits for which key, at most `limit`. */
  keyWants(
    mesh: MeshId,
    limit: number,
  ): Promise<readonly { readonly member: MemberId; readonly commitment: Hash }[]>;
  message(mesh: MeshId, id: MessageId): Promise<readonly MessageRecord[]>;
  /** Which mesh an invite belongs to, and its welcome blob and inviter's head while they are kept. */
  invite(
    invite: InviteId,
  ): Promise<{ mesh: MeshId; blob: WelcomeBlob | null; head: InviterHeadBlob | null } | undefined>;
}

/** Told after each commit what was appended, in seq order per mesh. */
export type AppendListener = (mesh: MeshId, entries: readonly LogEntry[]) => void;

/** What is asked of storage and not answered yet. */
export interface StoreQueue {
  readonly writes: number;
  readonly chars: number;
}

/** Storage by need, not by table. One acceptance suite (`acceptance.ts`) runs over every implementation. */
export interface Store {
  readonly write: StoreWrites;
  /** The same writes, for a call that their rows of the audit chain name. */
  writesFor(note: AuditNote): StoreWrites;
  readonly read: StoreReads;
  onAppend(listener: AppendListener): () => void;
  queue(): StoreQueue;
  /** Throws `unavailable` when storage does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}
