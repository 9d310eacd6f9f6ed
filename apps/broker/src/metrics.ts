import type { ErrorCode } from "@claudemesh/protocol";
import type { DropReason } from "./observe/drops.ts";
import { Histogram } from "./observe/histogram.ts";

/** Told of every call when it has ended, and of every round of a job. */
export interface Metrics {
  call(op: string, outcome: "ok" | ErrorCode, ms: number): void;
  job(name: string, outcome: "ran" | "failed", at: number): void;
}

export interface OpCounts {
  readonly latency: Histogram;
  readonly outcomes: ReadonlyMap<string, number>;
}

export interface JobCounts {
  readonly ran: number;
  readonly failed: number;
  /** when it last ended well, ms; null while it never did */
  readonly succeededAt: number | null;
}

interface Counting extends OpCounts {
  readonly outcomes: Map<string, number>;
}

const increment = <K>(counts: Map<K, number>, key: K, by = 1): void => {
  counts.set(key, (counts.get(key) ?? 0) + by);
};

/** Counters and latencies in this process. Counting is a few additions in place; whoever reads them pays for the text. */
export class ProcessMetrics implements Metrics {
  readonly #ops = new Map<string, Counting>();
  readonly #jobs = new Map<string, JobCounts>();
  readonly #drops = new Map<DropReason, number>();
  readonly #closes = new Map<number, number>();
  readonly #requests = new Map<number, number>();
  /** from the request of a durable write to its answer, by whether it appended to a log */
  readonly appends = new Histogram();
  readonly otherWrites = new Histogram();
  /** from the broker's taking of an entry until it is on its way to all who are connected */
  readonly pushes = new Histogram();
  readonly httpLatency = new Histogram();
  /** entries handed to feeds, each as often as there were readers */
  deliveries = 0;
  /** connections that were opened */
  opened = 0;

  call(op: string, outcome: "ok" | ErrorCode, ms: number): void {
    let counts = this.#ops.get(op);
    if (counts === undefined) {
      counts = { latency: new Histogram(), outcomes: new Map() };
      this.#ops.set(op, counts);
    }
    counts.latency.observe(ms);
    increment(counts.outcomes, outcome);
  }

  job(name: string, outcome: "ran" | "failed", at: number): void {
    const was = this.#jobs.get(name) ?? { ran: 0, failed: 0, succeededAt: null };
    this.#jobs.set(
      name,
      outcome === "ran"
        ? { ...was, ran: was.ran + 1, succeededAt: at }
        : { ...was, failed: was.failed + 1 },
    );
  }

  /** A durable write was answered. */
  wrote(ms: number, appended: boolean): void {
    (appended ? this.appends : this.otherWrites).observe(ms);
  }

  /** A committed entry was handed to `readers` feeds. */
  pushed(ms: number, readers: number): void {
    this.pushes.observe(ms);
    this.deliveries += readers;
  }

  drop(reason: DropReason, count = 1): void {
    increment(this.#drops, reason, count);
  }

  /** A connection was ended with a close code. */
  closed(code: number): void {
    increment(this.#closes, code);
  }

  request(status: number, ms: number): void {
    increment(this.#requests, status);
    this.httpLatency.observe(ms);
  }

  get ops(): ReadonlyMap<string, OpCounts> {
    return this.#ops;
  }

  get jobs(): ReadonlyMap<string, JobCounts> {
    return this.#jobs;
  }

  get drops(): ReadonlyMap<DropReason, number> {
    return this.#drops;
  }

  get closes(): ReadonlyMap<number, number> {
    return this.#closes;
  }

  get requests(): ReadonlyMap<number, number> {
    return this.#requests;
  }
}
