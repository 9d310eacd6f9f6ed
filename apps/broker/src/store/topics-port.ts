import type { Hash, MemberId, MeshId, Topic, TopicId, TopicRole } from "@claudemesh/protocol";

/** A topic's newest statement, whose author was checked against the one before; `before` is that one's hash, null for a new topic. */
export interface TopicPut {
  readonly mesh: MeshId;
  readonly statement: Topic;
  readonly hash: Hash;
  readonly before: Hash | null;
  /** who leads it, where it is new and public */
  readonly lead: MemberId;
  readonly at: number;
  readonly expiresAt: number;
}

/** A member's role in a public topic from now on; null takes it out. */
export interface TopicMove {
  readonly mesh: MeshId;
  readonly topic: TopicId;
  readonly member: MemberId;
  readonly role: TopicRole | null;
  readonly at: number;
  readonly expiresAt: number;
}

/** A topic by its newest statement; `endedAt` is set once it was deleted. */
export interface TopicRow {
  readonly statement: Topic;
  readonly hash: Hash;
  readonly endedAt: number | null;
}

/** What a public topic is to one member. */
export interface TopicPlace {
  readonly role?: TopicRole;
  readonly members: number;
  readonly readSeq: number;
}

/** A post as it lies in the log; `body` is the text of the envelope, or of what a key's holder posted. */
export interface TopicPost {
  readonly seq: number;
  readonly id: string;
  readonly kind: "message" | "plain";
  readonly at: number;
  readonly body: string;
}

/** The writes that concern topics. */
export interface TopicWrites {
  /** Keeps what a topic is, and tells those who may find it. "taken" when a public topic has the name, "full" when the mesh has too many, "stale" when another version came before. */
  putTopic(input: TopicPut): Promise<"kept" | "taken" | "full" | "stale">;
  /** Takes a member into a public topic, or out of it, or changes its role there, and tells its devices. "unknown" for one that is not there or was deleted. */
  moveInTopic(input: TopicMove): Promise<"moved" | "unknown">;
  /** Moves a member's read marker forward; answers where it stands. */
  readTopic(input: {
    readonly mesh: MeshId;
    readonly topic: TopicId;
    readonly member: MemberId;
    readonly seq: number;
  }): Promise<number>;
}

/** The reads that concern topics. */
export interface TopicReads {
  topic(mesh: MeshId, topic: TopicId): Promise<TopicRow | undefined>;
  /** The latest of the deleted topics, then those that there are, oldest first. */
  topics(mesh: MeshId): Promise<readonly Topic[]>;
  /** What the topics are to a member: those with public membership, and those it has read. */
  topicPlaces(mesh: MeshId, member: MemberId): Promise<ReadonlyMap<TopicId, TopicPlace>>;
  /** A member's role in a public topic. */
  topicRole(
    mesh: MeshId,
    query: { readonly topic: TopicId; readonly member: MemberId },
  ): Promise<TopicRole | undefined>;
  /** Who is in a public topic. */
  topicMembers(
    mesh: MeshId,
    topic: TopicId,
  ): Promise<readonly { readonly member: MemberId; readonly role: TopicRole }[]>;
  /** Posts of a topic between two places of the log, both left out, newest first. */
  posts(
    mesh: MeshId,
    query: {
      readonly topic: TopicId;
      readonly after: number;
      readonly before: number;
      readonly limit: number;
    },
  ): Promise<readonly TopicPost[]>;
}
