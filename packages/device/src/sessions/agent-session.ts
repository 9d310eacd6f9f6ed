import type {
  MeshId,
  MessageId,
  Output,
  PeerType,
  SessionId,
  SessionStats,
  SessionStatus,
  StatusSource,
} from "@claudemesh/protocol";

/** One run of an agent program, with the session it has in each mesh. Times in ms. */
export interface AgentSession {
  /** the agent's own session id, 200 characters at most */
  readonly agentSession: string;
  /** kind of agent, such as `claude-code` */
  readonly agent: string;
  readonly pid: number;
  /** when the process began, as the operating system tells it, by which a later process of the same id is told apart */
  readonly pidStartedAt: string | undefined;
  readonly cwd: string;
  readonly host: string;
  readonly model?: string;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly meshes: readonly InOneMesh[];
  readonly status: SessionStatus;
  readonly statusSource: StatusSource;
  readonly summary?: string;
  readonly visible: boolean;
  readonly tags: readonly string[];
  readonly name?: string;
  readonly stats?: SessionStats;
}

/** Its session in one mesh, and what holds of it there. */
export interface InOneMesh {
  readonly mesh: MeshId;
  readonly session: SessionId;
  readonly status: SessionStatus;
  readonly visible: boolean;
}

/** What whoever registers an agent session tells of it. */
export interface StartInfo {
  readonly agentSession: string;
  readonly agent: string;
  readonly pid: number;
  readonly cwd: string;
  readonly host: string;
  readonly model?: string;
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly type?: PeerType;
  /** the meshes to be in; without it every mesh of the home, also those joined later */
  readonly meshes?: readonly MeshId[];
}

/** What may change while an agent session runs; what is left out stays. */
export interface SessionChange {
  readonly status?: SessionStatus;
  /** who says the status; default `manual` */
  readonly source?: StatusSource;
  readonly summary?: string;
  readonly visible?: boolean;
  readonly model?: string;
  readonly cwd?: string;
  readonly stats?: SessionStats;
}

/** A lease that was asked for: `token` is set when it was granted. */
export type Lease = Output<"delivery.claim">;

/** The agent sessions of this home. They live in its database, so that they outlive the process that registered them. */
export interface AgentSessions {
  /** Registers a session or updates a known one; its keys and ids are drawn per mesh, and it is attached as soon as a mesh's feed is open. Begins to `keep`. */
  start(info: StartInfo): AgentSession;
  /** Answers undefined for an unknown session, whose status is then kept for 10 s in case it starts. */
  update(agentSession: string, change: SessionChange): AgentSession | undefined;
  /** Ends it in every mesh; what is addressed to its keys becomes undeliverable: `session_gone`. Nothing when it is unknown. */
  end(agentSession: string, reason: string): void;
  /** Those whose process lives, the longest running first. */
  list(): AgentSession[];
  get(agentSession: string): AgentSession | undefined;
  /** The agent session that has a session of a mesh; undefined when it has ended. */
  owning(mesh: MeshId, session: SessionId): AgentSession | undefined;
  /** Watches processes, renews attestations and attaches, until stopped; what a process before this one had registered goes on. */
  keep(): { stop(): void };
  /** Takes the lease on a message or its thread for one session. Throws `offline` and the like, `not_found`. */
  claim(mesh: MeshId, input: Claim): Promise<Lease>;
}

export interface Claim {
  readonly session: SessionId;
  readonly message: MessageId;
  /** the first message of its thread, where it is not that itself */
  readonly thread?: MessageId;
}
