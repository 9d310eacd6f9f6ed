import type { ApiKeyId, MeshId } from "@claudemesh/protocol";

/** A broker process that uses the database. */
export interface NodeRow {
  readonly id: string;
  /** where it listens */
  readonly address: string;
  readonly version: string;
  /** tells whether two nodes have the same keys, and nothing of them */
  readonly keys: string;
  readonly startedAt: number;
  /** by its own clock */
  readonly seenAt: number;
  /** grows as long as it lives */
  readonly beat: number;
  /** version of its presence */
  readonly told: number;
}

/** Something that is at a node: a session, a device or an API key, as JSON. */
export interface PresenceRow {
  readonly mesh: MeshId;
  readonly subject: string;
  /** null when it is there no more */
  readonly body: string | null;
}

/** What every node is to do. */
export interface NodeOrder {
  readonly mesh: MeshId;
  readonly what: string;
  readonly body: string;
}

export interface NodeWrites {
  /** Says that a node lives, and what has changed of its presence. */
  putNode(input: { node: NodeRow; presence: readonly PresenceRow[] }): Promise<void>;
  /** Takes a node away with its presence; one that is said to be dead only if its beat is still that. Answers whether it did. */
  forgetNode(input: { id: string; beat?: number }): Promise<boolean>;
  /** Keeps an order until every node has seen it. */
  giveOrder(input: { order: NodeOrder; at: number }): Promise<void>;
  /** Forgets orders given before `before`, at most `limit`. Answers how many. */
  forgetOrders(input: { before: number; limit: number }): Promise<number>;
}

export interface NodeReads {
  nodes(): Promise<readonly NodeRow[]>;
  /** What is at a node, and the version of it; undefined for a node that is gone. */
  presenceOf(
    id: string,
  ): Promise<{ readonly told: number; readonly rows: readonly PresenceRow[] } | undefined>;
  /** Orders after one, in order, at most `limit`. */
  orders(query: {
    after: number;
    limit: number;
  }): Promise<readonly (NodeOrder & { readonly id: number })[]>;
  /** The newest order; 0 before the first. */
  lastOrder(): Promise<number>;
  /** Which of these API keys are revoked. */
  revokedApiKeys(ids: readonly ApiKeyId[]): Promise<readonly ApiKeyId[]>;
}
