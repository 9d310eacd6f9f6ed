import type { RandomSource, Roster } from "@claudemesh/crypto/verify";
import type {
  Code,
  DeviceId,
  ErrorExtras,
  Input,
  MemberId,
  MeshError,
  MeshId,
  Op,
  Output,
  WireOpName,
} from "@claudemesh/protocol";
import type { DisplayNames } from "./api-keys/display-names.ts";
import type { KeyActor } from "./api-keys/key-actor.ts";
import type { KeyLines } from "./api-keys/key-lines.ts";
import type { KeyPresence } from "./api-keys/key-presence.ts";
import type { Audit } from "./audit/audit.ts";
import type { FileParts } from "./blob/file-parts.ts";
import type { Bus } from "./bus/port.ts";
import type { BrokerConfig } from "./config/settings.ts";
import type { GrantBook } from "./grants.ts";
import type { Jobs } from "./jobs/jobs.ts";
import type { SharedMailboxes } from "./mailboxes/shared-mailboxes.ts";
import type { Everywhere } from "./nodes/everywhere.ts";
import type { PeerAsks } from "./peer-files/peer-asks.ts";
import type { Presence } from "./presence.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Rosters } from "./rosters.ts";
import type { Sessions } from "./sessions/sessions.ts";
import type { Store } from "./store/port.ts";
import type { Streams } from "./streams/streams.ts";

/** The parts of a broker that handlers work with. */
export interface Services {
  readonly config: BrokerConfig;
  readonly now: () => number;
  readonly random: RandomSource;
  readonly store: Store;
  readonly audit: Audit;
  /** signals to the other nodes */
  readonly bus: Bus;
  readonly rosters: Rosters;
  readonly presence: Presence;
  readonly sessions: Sessions;
  /** those of other members, to end them or tell them something */
  readonly connections: Everywhere;
  /** what members let each other do */
  readonly grants: GrantBook;
  /** what API keys hold open */
  readonly keyLines: KeyLines;
  /** which API keys are there now */
  readonly keyPresence: KeyPresence;
  /** what members are called by their profiles */
  readonly displayNames: DisplayNames;
  /** what the broker does by itself for members */
  readonly jobs: Jobs;
  /** where the bytes of files lie, and tickets for them */
  readonly files: FileParts;
  /** requests for peers' files that wait for an answer */
  readonly peerAsks: PeerAsks;
  /** device links that are under way */
  readonly mailboxes: SharedMailboxes;
  /** who listens to what is published */
  readonly streams: Streams;
  /** joins, by invite */
  readonly joins: RateLimit;
  /** the base URL of links */
  readonly publicUrl: () => string;
}

/** Who calls, once its hello or its API key was accepted. */
export interface Actor {
  readonly mesh: MeshId;
  /** the member, or the one for whom the key acts */
  readonly member: MemberId;
  readonly device: DeviceId;
  /** the API key that calls in place of a device */
  readonly key?: KeyActor;
}

/** What is known of any caller. */
export interface Caller {
  /** names the connection inside this process */
  readonly connection: string;
  readonly address: string;
  /** what proofs must be bound to */
  readonly challenge: string;
  readonly hosts: readonly string[];
}

/** Whether the caller no longer waits. An `AbortSignal` would say so as well, but every call would pay for its event target. */
export interface Waiting {
  readonly aborted: boolean;
}

interface Base<N extends WireOpName> extends Services {
  readonly caller: Caller;
  readonly signal: Waiting;
  /** The error to throw; only with a code that the operation declares. */
  fail(code: Code<N>, message: string, extras?: ErrorExtras): MeshError;
}

/** What a member's call stands on: who asks, and the verified chain of its mesh. */
export interface MemberContext {
  readonly actor: Actor;
  readonly roster: Roster;
}

/** What an API key's call stands on. */
export interface KeyContext extends MemberContext {
  readonly actor: Actor & { readonly key: KeyActor };
}

interface ContextOf {
  readonly public: unknown;
  readonly member: MemberContext;
  readonly key: KeyContext;
}

export type CallContext<N extends WireOpName> = Base<N> & ContextOf[Op<N>["scope"]];

/** Answers one operation. The input is parsed, the caller allowed, the rate counted. */
export type Handler<N extends WireOpName> = (
  input: Input<N>,
  ctx: CallContext<N>,
) => Promise<Output<N>>;

export type Handlers = { readonly [N in WireOpName]: Handler<N> };
