/** Bugs that nodes can be given, to see that they are found: a reply before the commit, and no look for what a lost signal would have told. */
export const clusterBugs = ["early-reply", "no-look"] as const;
export type ClusterBug = (typeof clusterBugs)[number];

/** What a node's process is told. */
export interface NodeOrders {
  readonly folder: string;
  readonly publicUrl: string;
  /** DATABASE_URL, NATS_URL and the like, in place of the process's own */
  readonly env: Readonly<Record<string, string>>;
  readonly clockOffsetMs: number;
  /** how long PostgreSQL may take to answer a node */
  readonly postgresTimeoutMs: number;
  readonly bug?: ClusterBug | undefined;
}
