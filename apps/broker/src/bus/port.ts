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
}

/** Takes what other nodes published; `subject` says of which mesh, for those who listen to all. */
export type BusListener = (payload: string, subject: string) => void;

/**
 * Carries signals between the nodes that share a database. The database is the truth: a signal may be lost, which costs delay and nothing else, so whoever listens looks for itself
 * besides, or loses nothing that lasts. A node never hears itself: who publishes does its own part directly.
 */
export interface Bus {
  readonly kind: "in-process" | "nats" | "postgres";
  readonly isUp: boolean;
  readonly counts: BusCounts;
  /** Tells the other nodes, without ever throwing. `subject` is `<mesh>.<what>`. Of equal signals without payload that wait, one is sent. */
  publish(subject: string, payload: string): void;
  /** Hears what other nodes publish to `<mesh>.<what>`, or to `*.<what>` for every mesh. Answers a function that ends it. */
  subscribe(subject: string, listener: BusListener): () => void;
  close(): Promise<void>;
}
