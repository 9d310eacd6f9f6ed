import { checkHistory, type HistoryReport, isClean, lostOf } from "../history/check.ts";
import type { History } from "../history/history.ts";
import { auditHome, auditLog, type LogAudit, type SentRow, storyAt } from "./audit.ts";
import type { Alarm } from "./device-verbs.ts";

/** What is judged: homes, and what was heard while they worked. */
export interface Judged {
  readonly names: readonly string[];
  readonly history: History;
  readonly alarms: readonly (Alarm & { readonly process: string })[];
  home(name: string): string;
}

/** Something that must not be, beyond the checker's own report; of one message where `value` names it. */
interface Finding {
  readonly text: string;
  readonly value?: string;
}

/** Everything that a run found, judged after the drain. */
export interface Verdict {
  readonly report: HistoryReport;
  readonly isGood: boolean;
  /** findings beyond the checker's, one sentence each */
  readonly findings: readonly string[];
  /** what is known about each offending message, by value */
  readonly stories: ReadonlyMap<string, readonly string[]>;
}

/** Reads every home and the log in the broker's folder, adds what they say to the history, and judges it. The broker has to be stopped. */
export const judge = (
  ground: Judged & { readonly brokerFolder: string },
  pending: readonly string[],
): Verdict => judgeWith(ground, pending, auditLog(ground.brokerFolder));

/** As `judge`, by a log that was read elsewhere. */
export function judgeWith(ground: Judged, pending: readonly string[], log: LogAudit): Verdict {
  const findings: Finding[] = [
    ...pending.map((what) => ({ text: `not drained: ${what}` })),
    ...ground.alarms.map(({ process, code, text }) => ({ text: `${process}: ${code}: ${text}` })),
    ...ground.names.flatMap((name) => takeHome(ground, name, log)),
    ...checkLog(ground, log),
  ];
  const report = checkHistory(ground.history.events);
  const { duplicated, unexpected, reordered, contradicted } = report;
  const named = findings.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const offenders = [lostOf(report), duplicated, unexpected, reordered, contradicted, named].flat();
  return {
    report,
    isGood: isClean(report) && findings.length === 0,
    findings: findings.map(({ text }) => text),
    stories: new Map(offenders.map((value) => [value, storyOf(ground, value)])),
  };
}

/** Whether a recipient's signed receipt says that the message is there. */
const hasArrived = ({ state }: SentRow): boolean => state === "stored" || state === "offered";

/** Adds what a home knows to the history. Everything was shown and confirmed by now, so every message it sent has to be known as offered. */
function takeHome(ground: Judged, name: string, log: LogAudit): Finding[] {
  const findings: Finding[] = [];
  const { sent, received } = auditHome(ground.home(name));
  for (const { id, value } of received) {
    ground.history.record("audit", { kind: "received", value, by: name, id });
  }
  for (const row of sent) {
    const { id, value, state, reason } = row;
    // A receipt may have come where the broker's reply did not: then only the log knows the place.
    const seq = row.seq ?? (hasArrived(row) ? log.messages.get(id)?.[0] : undefined);
    if (seq !== undefined) {
      ground.history.record("audit", { kind: "acknowledged", value, id, seq });
    }
    if (seq === undefined || state !== "offered") {
      const why = reason === null ? "" : ` (${reason})`;
      findings.push({ value, text: `${value}: its sender takes it for ${state}${why}` });
    }
  }
  return findings;
}

/** The log has to be gapless, with every acknowledged message in it once, at the place that was told. */
function checkLog({ history }: Judged, { gaps, messages }: LogAudit): Finding[] {
  const findings = new Map<string, Finding>();
  if (gaps.length > 0) findings.set("", { text: `the log has no seq ${gaps.join(", ")}` });
  for (const event of history.events) {
    if (event.kind !== "acknowledged") continue;
    const { value, id, seq } = event;
    const places = messages.get(id) ?? [];
    if (places.length === 1 && places[0] === seq) continue;
    const found = places.length === 0 ? "not in the log" : `in the log at ${places.join(", ")}`;
    findings.set(value, { value, text: `${value}: acknowledged as ${seq}, ${found}` });
  }
  return [...findings.values()];
}

function storyOf(ground: Judged, value: string): string[] {
  const events = ground.history.of(value);
  const lines = events.map(({ at, process, value: _, ...rest }) => {
    return `${at} ${process} ${JSON.stringify(rest)}`;
  });
  const ids = new Set(events.flatMap((event) => ("id" in event ? [event.id] : [])));
  for (const id of ids) {
    for (const name of ground.names) {
      lines.push(...storyAt(ground.home(name), id).map((line) => `${line} (told at ${name})`));
    }
  }
  return lines.sort();
}
