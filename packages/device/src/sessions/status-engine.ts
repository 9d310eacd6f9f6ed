import type { SessionStatus, StatusSource } from "@claudemesh/protocol";

/** A status, who says it, since when it holds, and when a source last said so; times in ms. */
export interface Standing {
  readonly status: SessionStatus;
  readonly source: StatusSource;
  readonly since: number;
  readonly heardAt: number;
}

export interface StatusReport {
  readonly status: SessionStatus;
  readonly source: StatusSource;
}

export const statusTimes = {
  /** how long what a source said stands against the same from a lower one */
  freshMs: 60_000,
  /** how long `working` lasts without being said again */
  workingMs: 5 * 60_000,
  /** how long a status waits for its session to start */
  pendingMs: 10_000,
  /** how often `working` is looked at */
  sweepMs: 15_000,
} as const;

const rank: Readonly<Record<StatusSource, number>> = { hook: 3, manual: 2, jsonl: 1 };

/**
 * What stands after a report. Another status is taken with its source. The same status from an equal or higher source takes that source; from a lower one the source
 * stays as long as what it said is fresh.
 */
export function report(
  standing: Standing,
  { status, source }: StatusReport,
  now: number,
): Standing {
  if (status !== standing.status) return { status, source, since: now, heardAt: now };
  const isLower = rank[source] < rank[standing.source];
  if (isLower && now - standing.heardAt < statusTimes.freshMs) return standing;
  return { ...standing, source, heardAt: now };
}

/** What stands once time has passed: `working` that nobody has said for a while is `idle`. */
export function sweep(standing: Standing, now: number): Standing {
  const isOver = now - standing.heardAt >= statusTimes.workingMs;
  if (standing.status !== "working" || !isOver) return standing;
  return { ...standing, status: "idle", since: now, heardAt: now };
}

/** Statuses of sessions that have not started: the newest of each, for a moment. */
export class PendingStatuses {
  readonly #reports = new Map<string, StatusReport & { readonly at: number }>();

  put(agentSession: string, report: StatusReport, now: number): void {
    this.#reports.set(agentSession, { ...report, at: now });
  }

  /** What waits for a session, unless it is too old; it is gone from here then. */
  take(agentSession: string, now: number): StatusReport | undefined {
    const found = this.#reports.get(agentSession);
    this.#reports.delete(agentSession);
    return found !== undefined && now - found.at < statusTimes.pendingMs ? found : undefined;
  }

  /** Drops what is too old. */
  sweep(now: number): void {
    for (const [key, { at }] of this.#reports) {
      if (now - at >= statusTimes.pendingMs) this.#reports.delete(key);
    }
  }
}
