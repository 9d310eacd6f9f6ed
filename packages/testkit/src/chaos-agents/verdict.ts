import { auditLog, storyAt } from "../chaos/audit.ts";
import { checkHistory, type HistoryReport, lostOf } from "../history/check.ts";
import type { HistoryEvent } from "../history/event.ts";
import { type AgentsAudit, auditAgents, type SentMessage } from "./audit.ts";
import { type AgentsGround, people, type Who } from "./ground.ts";
import { type ShownMessage, shownBelow } from "./transcript.ts";

/** What a kill run found. */
export interface AgentsVerdict {
  readonly report: HistoryReport;
  readonly isGood: boolean;
  readonly findings: readonly string[];
  readonly stories: ReadonlyMap<string, readonly string[]>;
  /** states in which the senders take their messages to be, counted */
  readonly states: ReadonlyMap<string, number>;
}

/** Ends that a sender is told of, in which a message is not shown. */
const ends = ["expired", "refused", "undeliverable", "void"];

/** Judges what the sessions were shown by what their senders were told. Broker and daemons have to be stopped. */
export function judgeAgents(ground: AgentsGround, before: readonly string[]): AgentsVerdict {
  const audits = new Map(people.map((who) => [who, auditAgents(ground.home(who))]));
  const shown = shownBelow(ground.transcripts);
  const events = [...ground.history.events, ...audited(ground, audits), ...showings(audits, shown)];
  const report = checkHistory(events);
  const sent = [...audits.values()].flatMap((audit) => audit.sent);
  const isShown = new Set(shown.map(({ value }) => value));
  const untrue = sent.flatMap((row) => untrueOf(row, isShown.has(row.value), sent));
  // A message that ended otherwise, as its sender knows, is not lost.
  const told = new Set(sent.filter(({ state }) => ends.includes(state)).map(({ value }) => value));
  const lost = lostOf(report).filter((value) => !told.has(value));
  const { duplicated, unexpected, contradicted } = report;
  const alarms = ground.alarms.map(({ process, code, text }) => `${process}: ${code}: ${text}`);
  const findings = [
    ...before,
    ...alarms,
    ...lost.map((value) => `${value}: lost`),
    ...duplicated.map((value) => `${value}: shown twice without the word "again"`),
    ...unexpected.map((value) => `${value}: unexpected`),
    ...contradicted.map((value) => `${value}: called failed, and yet there`),
    ...untrue.map(({ value, text }) => `${value}: ${text}`),
  ];
  const offenders = [lost, duplicated, unexpected, contradicted, untrue.map((one) => one.value)];
  const states = new Map<string, number>();
  for (const { state } of sent) states.set(state, (states.get(state) ?? 0) + 1);
  const storyOf = (value: string) => storyLines(ground, events, shown, value);
  const stories = new Map(offenders.flat().map((value) => [value, storyOf(value)]));
  return { report, isGood: findings.length === 0, findings, stories, states };
}

/** What the homes' databases and the broker's log add to the history. */
function audited(ground: AgentsGround, audits: ReadonlyMap<Who, AgentsAudit>): HistoryEvent[] {
  const log = auditLog(ground.brokerFolder);
  const said = { at: 0, process: "audit" } as const;
  return [...audits].flatMap(([who, { sent, received }]) => [
    ...received.map(
      ({ id, value, session }) =>
        ({ ...said, kind: "received", value, id, by: session ?? who }) as const,
    ),
    ...sent.flatMap(({ id, value, seq: place }) => {
      const seq = place ?? log.messages.get(id)?.[0];
      return seq === undefined ? [] : [{ ...said, kind: "acknowledged", value, id, seq } as const];
    }),
  ]);
}

/** What sessions were shown: by their person, or by the one session that a message was for. */
function showings(
  audits: ReadonlyMap<Who, AgentsAudit>,
  shown: readonly ShownMessage[],
): HistoryEvent[] {
  return shown.map(({ agentSession, id, value, again, at }) => {
    const found = [...audits].find(([, audit]) =>
      [...audit.agentSessions.values()].includes(agentSession),
    );
    const [who, audit] = found ?? [agentSession, undefined];
    const session = audit?.received.find((row) => row.id === id)?.session ?? undefined;
    const isMine = session === undefined || audit?.agentSessions.get(session) === agentSession;
    const by = isMine ? (session ?? who) : `another session than ${session}`;
    return { at, process: agentSession, kind: "shown", value, id, by, again } as const;
  });
}

function untrueOf(
  row: SentMessage,
  isShown: boolean,
  sent: readonly SentMessage[],
): { value: string; text: string }[] {
  const { id, value, state, reason } = row;
  const finding = (text: string) => [
    { value, text: `${text} (${state}, ${reason ?? "no reason"})` },
  ];
  if (ends.includes(state))
    return isShown ? finding("shown, and its sender was told otherwise") : [];
  if (!isShown) return finding("not shown, and its sender was not told so");
  if (state === "answered") {
    const isAnswered = sent.some(({ replyTo }) => replyTo === id);
    return isAnswered ? [] : finding("answered, as its sender takes it, without an answer");
  }
  return state === "in_context" ? [] : finding("shown, and its sender does not know");
}

function storyLines(
  ground: AgentsGround,
  events: readonly HistoryEvent[],
  shown: readonly ShownMessage[],
  value: string,
): string[] {
  const mine = events.filter((event) => event.value === value && event.kind !== "shown");
  const lines = mine.map(({ at, process, ...rest }) => `${at} ${process} ${JSON.stringify(rest)}`);
  for (const one of shown.filter((each) => each.value === value)) {
    lines.push(`${one.at} shown to ${one.agentSession}${one.again ? ", again" : ""}`);
  }
  const ids = new Set(mine.flatMap((event) => ("id" in event ? [event.id] : [])));
  for (const id of ids) {
    for (const who of people) {
      lines.push(...storyAt(ground.home(who), id).map((line) => `${line} (told at ${who})`));
    }
  }
  return lines.sort();
}
