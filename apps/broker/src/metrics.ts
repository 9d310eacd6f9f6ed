import type { ErrorCode } from "@claudemesh/protocol";

/** Told of every call when it has ended. */
export interface Metrics {
  call(op: string, outcome: "ok" | ErrorCode, ms: number): void;
  job(name: string, outcome: "ran" | "failed", at: number): void;
}

export interface OpCounts {
  readonly calls: number;
  readonly totalMs: number;
  readonly maxMs: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface JobCounts {
  readonly ran: number;
  readonly failed: number;
  /** when it last ended well, ms; null while it never did */
  readonly succeededAt: number | null;
}

interface Counting {
  calls: number;
  totalMs: number;
  maxMs: number;
  readonly outcomes: Record<string, number>;
}

/** Counters and latencies in this process. */
export class ProcessMetrics implements Metrics {
  readonly #ops = new Map<string, Counting>();
  readonly #jobs = new Map<string, JobCounts>();

  call(op: string, outcome: "ok" | ErrorCode, ms: number): void {
    let counts = this.#ops.get(op);
    if (counts === undefined) {
      counts = { calls: 0, totalMs: 0, maxMs: 0, outcomes: {} };
      this.#ops.set(op, counts);
    }
    counts.calls += 1;
    counts.totalMs += ms;
    counts.maxMs = Math.max(counts.maxMs, ms);
    counts.outcomes[outcome] = (counts.outcomes[outcome] ?? 0) + 1;
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

  /** What was counted since the start. */
  snapshot(): {
    ops: Readonly<Record<string, OpCounts>>;
    jobs: Readonly<Record<string, JobCounts>>;
  } {
    return {
      ops: structuredClone(Object.fromEntries(this.#ops)),
      jobs: Object.fromEntries(this.#jobs),
    };
  }
}
