import { newMessageId } from "@claudemesh/crypto/verify";
import { audienceOf, type CallNews, limits, type SealedCall } from "@claudemesh/protocol";
import type { JobRow } from "../../store/jobs-port.ts";
import type { NewEntry } from "../../store/writing/log-appender.ts";
import type { JobParts } from "../context.ts";
import { type CallState, callState } from "./call-state.ts";
import { nextTimes } from "./cron.ts";

type Parts = Pick<JobParts, "now" | "random" | "store">;

/** Tells a member's devices that a call is due, once; then, that none was there in time; and forgets it once its end was shown. */
export async function runCall(job: JobRow, call: SealedCall, parts: Parts): Promise<void> {
  const { id, mesh, dueAt, plannedAt: planned, state: was } = job;
  const at = parts.now();
  const { last, isOver, waiting } = callState(job);
  const there = { id, mesh, dueAt, was, at };
  if (isOver || (planned === null && waiting === undefined)) {
    await parts.store.write.settleJob({ ...there, next: null, entries: [] });
    return;
  }
  if (planned === null) {
    const missed = waiting?.planned ?? at;
    const state: CallState = { last: { at, planned: missed }, isOver: true };
    const next = { dueAt: at + limits.callShownMs, state: JSON.stringify(state) };
    const entries = [callEntry(job, { planned: missed, missed: true }, parts)];
    await parts.store.write.settleJob({ ...there, next, entries });
    return;
  }
  const { cron, zone } = call.entry;
  const after = Math.max(planned, at);
  const [nextAt] = cron === undefined ? [] : await nextTimes(cron, zone, after, 1);
  // What waits from before is not made up for: the newest time takes its place.
  const state: CallState = { waiting: { planned }, ...(last === undefined ? {} : { last }) };
  await parts.store.write.settleJob({
    ...there,
    next: {
      dueAt: nextAt ?? at + limits.callWaitMs,
      plannedAt: nextAt ?? null,
      state: JSON.stringify(state),
    },
    entries: [callEntry(job, { planned, call }, parts)],
  });
}

/** What a member's own devices are told of a call, as an entry of the log for them. */
export function callEntry(
  { author, id }: Pick<JobRow, "author" | "id">,
  news: Omit<CallNews, "job">,
  { now, random }: Pick<Parts, "now" | "random">,
): NewEntry {
  const at = now();
  return {
    id: newMessageId(now, random),
    kind: "call",
    sender: author,
    audience: audienceOf(author),
    at,
    expiresAt: at + limits.callWaitMs,
    body: JSON.stringify({ job: id, ...news } satisfies CallNews),
  };
}
