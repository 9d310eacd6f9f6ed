import type { Audience } from "@claudemesh/protocol";
import type { FetchAnswer } from "../../guarded-fetch/guarded-fetch.ts";
import { requireTarget } from "../../ops/message/post-target.ts";
import type { JobRow } from "../../store/jobs-port.ts";
import type { JobParts } from "../context.ts";
import { authorOf, sayEntry, whyNotSaid } from "../say.ts";
import { type Outcome, type Run, settleRun } from "../settle-run.ts";
import { judged, seenIn } from "./see.ts";
import { WatchSpec, WatchState } from "./spec.ts";

/** how long a look may take before another node takes it for lost */
const leaseMs = 60_000;
/** the longest between looks at what fails */
const backOffMs = 3_600_000;

/** Looks at a URL once, on one node: the row is claimed first, and what was seen is kept and told in one transaction. */
export async function runWatch(job: JobRow, parts: JobParts): Promise<void> {
  const { now, store } = parts;
  const { mesh, id } = job;
  const author = await authorOf(job, parts);
  const at = now();
  if (author === undefined) {
    await store.write.settleJob({ mesh, id, dueAt: job.dueAt, next: null, entries: [], at });
    return;
  }
  const spec = WatchSpec.parse(JSON.parse(job.spec));
  const until = at + leaseMs;
  const plannedAt = job.plannedAt ?? job.dueAt;
  const claim = { mesh, id, dueAt: job.dueAt, next: { dueAt: until, plannedAt }, entries: [], at };
  if ((await store.write.settleJob(claim)) === "moved") return;
  const silence = whyNotSaid(author);
  const run = { job: { ...job, dueAt: until }, author, name: spec.name, subtype: "watch" } as const;
  const outcome: Outcome =
    silence === undefined
      ? await look(spec, run, parts)
      : { ok: false, said: silence, isFinal: true };
  const wait = outcome.ok ? spec.everyMs : backedOff(spec.everyMs, job.fails);
  await settleRun({ ...run, next: now() + wait }, outcome, parts);
}

const backedOff = (everyMs: number, fails: number): number =>
  Math.max(everyMs, Math.min(everyMs * 2 ** Math.min(fails, 20), backOffMs));

async function look(
  spec: WatchSpec,
  { job, author }: Pick<Run, "author" | "job">,
  parts: JobParts,
): Promise<Outcome> {
  const before = WatchState.parse(JSON.parse(job.state));
  try {
    const to = spec.to as Audience;
    await requireTarget(to, { ...parts, ...author });
    const answer = await parts.fetch.ask({
      url: spec.url,
      method: "GET",
      headers: { ...askedBefore(spec, before), ...headersOf(job, parts) },
    });
    const seen = await seenIn(spec, answer);
    if (seen === undefined) return { ok: true, said: "unchanged" };
    const { isNews, fits } = judged(spec, before, seen);
    const keep = { seen, fits, ...tagsOf(answer) };
    if (!isNews) return { ok: true, said: before.seen === seen ? "unchanged" : "seen", keep };
    const text = textOf(spec, before, seen);
    const said = { job: job.id, name: spec.name, subtype: "watch", to, text } as const;
    return { ok: true, said: "told", keep, entries: [await sayEntry(said, parts, author)] };
  } catch (error) {
    return { ok: false, said: error instanceof Error ? error.message : "it cannot be read" };
  }
}

/** What was seen need not be sent again while it is the same. */
const askedBefore = ({ mode }: WatchSpec, { etag, modified, seen }: WatchState) =>
  mode === "status" || seen === undefined
    ? {}
    : {
        ...(etag === undefined ? {} : { "if-none-match": etag }),
        ...(modified === undefined ? {} : { "if-modified-since": modified }),
      };

const tagsOf = ({ headers }: FetchAnswer) => ({
  etag: headers.etag?.slice(0, 500),
  modified: headers["last-modified"]?.slice(0, 100),
});

const headersOf = ({ id, secret }: JobRow, { secrets }: JobParts): Record<string, string> =>
  secret === null ? {} : JSON.parse(secrets.open(id, secret));

function textOf({ mode, on, path, url }: WatchSpec, before: WatchState, seen: string): string {
  const what = mode === "hash" ? "the body" : mode === "status" ? "the status" : `${path ?? "$"}`;
  const shown = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
  const now = mode === "hash" ? "" : ` ${shown(seen)}`;
  if (on !== "change") return `${url}: ${what} is${now}`;
  if (mode === "hash") return `${url}: the body has changed`;
  return `${url}: ${what} has changed from ${shown(before.seen ?? "")} to${now}`;
}
