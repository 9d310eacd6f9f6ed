import { type JobRun, limits, type PlainSubtype } from "@claudemesh/protocol";
import type { MemberContext } from "../handler.ts";
import type { JobRow } from "../store/jobs-port.ts";
import type { NewEntry } from "../store/writing/log-appender.ts";
import type { JobParts } from "./context.ts";
import { tellAuthor, whyNotSaid } from "./say.ts";

/** What one run came to. */
export interface Outcome {
  readonly ok: boolean;
  /** in a few words, for the list of jobs */
  readonly said: string;
  /** what is said to others by it */
  readonly entries?: readonly NewEntry[];
  /** what its author is told */
  readonly tell?: string;
  /** what is kept for the next run */
  readonly keep?: object;
  /** it is of no use to try again */
  readonly isFinal?: true;
}

export interface Run {
  /** as it was found, or claimed since */
  readonly job: JobRow;
  readonly author: MemberContext;
  /** when it is due again; undefined: it is over */
  readonly next: number | undefined;
  readonly name: string;
  readonly subtype: PlainSubtype;
}

/** Moves a job on by what its run came to, and says so, in one transaction; after too many failures in a row it is done no more, and its author is told. */
export async function settleRun(run: Run, outcome: Outcome, parts: JobParts): Promise<void> {
  const { job, author, next } = run;
  const at = parts.now();
  const fails = outcome.ok ? 0 : job.fails + 1;
  const isOver = !outcome.ok && (outcome.isFinal === true || fails >= limits.jobFails);
  const last: JobRun = { at, ok: outcome.ok, said: outcome.said.slice(0, 300) };
  const told = tellOf(run, outcome, { fails, isOver });
  const mayTell = told !== undefined && whyNotSaid(author) === undefined;
  const { name, subtype } = run;
  const note = mayTell
    ? [await tellAuthor({ job: job.id, name, subtype, text: told }, parts, author)]
    : [];
  const isKept = next !== undefined || (isOver && outcome.isFinal === true);
  await parts.store.write.settleJob({
    mesh: job.mesh,
    id: job.id,
    dueAt: job.dueAt,
    next: isKept
      ? {
          dueAt: isOver ? null : (next ?? null),
          plannedAt: isOver ? null : (next ?? null),
          state: JSON.stringify({ ...JSON.parse(job.state), ...outcome.keep, last }),
          fails,
          stopped: isOver ? outcome.said.slice(0, 300) : null,
        }
      : null,
    entries: [...(outcome.entries ?? []), ...note],
    at,
  });
}

/** What the author hears: what came back, each failure of what is done once, the first of what goes on, and its end. */
function tellOf(
  { job, next }: Run,
  { ok, said, tell }: Outcome,
  { fails, isOver }: { readonly fails: number; readonly isOver: boolean },
): string | undefined {
  if (ok) return tell;
  // As lists show it, and as it is cancelled.
  const what = `${job.kind} ${job.id.slice(-8)}`;
  if (isOver) {
    const times = fails === 1 ? "" : ` It failed ${fails} times in a row.`;
    return `${what} is stopped: ${said}.${times}`;
  }
  if (next === undefined) return `${what} failed: ${said}.`;
  return fails === 1 ? `${what} failed: ${said}. It is tried again.` : undefined;
}
