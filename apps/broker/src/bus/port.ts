/** Bytes of a signal that every bus carries; a longer one is not told. */
export const busPayloadBytes = 256 * 1024;

/** How a bus has done so far. */
export interface BusCounts {
  readonly published: number;
  readonly received: number;
  /** signals that found no place, because the bus was away or they were too long */
  readonly dropped: number;
  /** how often a connection that was lost was made again */
  readonly reconnects: number;
  /** payloads that no node of this database sealed, or not lately, or that came before */
  readonly refused: number;
}

/** Takes what other nodes published; `subject` says of which mesh, for those who listen to all. */
export type BusListener = (payload: string, subject: string) => void;

/**
 * Carries signals between the nodes that share a database. The database is the truth: a signal may be lost, which costs delay and nothing else, so whoever listens looks for itself
 * besides, or loses nothing that lasts. A node never hears itself: who publishes does its own part directly. What is heard was sealed by a node of the same keys, for this subject, within
 * minutes, and is heard once.
 */
export interface Bus {
  readonly kind: "in-process" | "nats" | "postgres";
  readonly isUp: boolean;
  readonly counts: BusCounts;
  /** whether it is made for the contents of logs, too; else what was appended is read from the store */
  readonly carriesEntries: boolean;
  /** whether no other node lives, as far as this one has seen: then nothing but the shortest is worth telling */
  isAlone: boolean;
  /** Tells the other nodes, without ever throwing. `subject` is `<mesh>.<what>`. Of equal signals without payload that wait, one is sent. */
  publish(subject: string, payload: string): void;
  /** Hears what other nodes publish to `<mesh>.<what>`, or to `*.<what>` for every mesh. Answers a function that ends it. */
  subscribe(subject: string, listener: BusListener): () => void;
  close(): Promise<void>;
}
