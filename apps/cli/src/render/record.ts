import type { OpenOutput, RecordAuthor } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import { type PrintContext, shortId } from "./printed.ts";
import type { Printers } from "./printers.ts";
import { staleNote } from "./stale-note.ts";

const { context, memory, state, task } = names;

/** What waits for the broker says so in the place of its author. */
const writer = ({
  author,
  pending,
}: {
  readonly author: RecordAuthor;
  readonly pending: boolean;
}) => {
  if (pending) return "you, pending";
  const doubt = author.proof === "time_unproven" ? " (time not provable)" : "";
  return cleanLine(`${author.name}${doubt}`);
};
const inTopic = (topic: string | undefined): string => (topic === undefined ? "" : ` in #${topic}`);
const asText = (value: unknown): string =>
  cleanLine(typeof value === "string" ? value : JSON.stringify(value));

/** The line that a write is answered with; one that waits says so. */
const wrote = (
  what: string,
  {
    mesh,
    pending,
    topic,
  }: { mesh: { slug: string }; pending: boolean; topic?: string | undefined },
  { terminal }: PrintContext,
) => ({
  lines: [
    `${pending ? terminal.icons.wait : terminal.icons.ok} ${what}${cleanLine(inTopic(topic))} in ${cleanLine(mesh.slug)}${pending ? ": pending" : ""}`,
  ],
  notes: pending ? ["the broker is away; it is kept here, and sent once when it is back"] : [],
});

const detail = (label: string, values: readonly string[]): string[] =>
  values.length === 0 ? [] : [`  ${label}: ${cleanLine(values.join(", "))}`];

export const printers: Printers = {
  [context.get]: (answer, { now, call }) =>
    answer.items.length === 0
      ? { lines: ["Nobody has shared anything of that."], notes: [`all: ${call} context list`] }
      : contexts(answer, now, `share yours: ${call} context share <summary>`),
  [context.list]: (answer, { now, call }) =>
    contexts(answer, now, `share yours: ${call} context share <summary>`),
  [context.share]: (answer, print) => wrote("Shared what you work on", answer, print),
  [memory.add]: (answer, print) => wrote(`Remembered as ${shortId(answer.id)}`, answer, print),
  [memory.delete]: (answer, print) => wrote(`Forgot ${shortId(answer.id)}`, answer, print),
  [memory.list]: (answer, { now, call }) =>
    memories(answer, now, ["Nothing is remembered yet.", `${call} remember <text>`]),
  [memory.search]: (answer, { now, call }) =>
    memories(answer, now, ["Nothing of that is remembered.", `all: ${call} memory list`]),
  [state.delete]: (answer, print) => wrote(`Deleted ${cleanLine(answer.key)}`, answer, print),
  [state.get]: ({ ageMs, ...item }) => ({
    lines: [asText(item.value)],
    notes: [
      `set by ${writer(item)}${item.version === undefined ? "" : `, version ${item.version}`}`,
      ...staleNote(ageMs),
    ],
  }),
  [state.list]: ({ ageMs, items }, { call, now, terminal }) => {
    if (items.length === 0) {
      return { lines: ["Nothing is set."], notes: [`set a key: ${call} state set <key> <value>`] };
    }
    const rows = items.map((item) => [
      cleanLine(`${item.key}${inTopic(item.topic)}`),
      asText(item.value),
      writer(item),
      age(item.at, now),
    ]);
    const columns = [
      { title: "key", flexible: true },
      { title: "value", flexible: true },
      { title: "by", flexible: true },
      { title: "since" },
    ];
    return { lines: table(columns, rows, terminal), notes: staleNote(ageMs) };
  },
  [state.set]: (answer, print) =>
    wrote(`Set ${cleanLine(answer.key)} to ${asText(answer.value)}`, answer, print),
  [task.cancel]: (answer, print) => wrote(`Cancelled ${shortId(answer.id)}`, answer, print),
  [task.claim]: (answer, print) => wrote(`Claimed ${shortId(answer.id)}`, answer, print),
  [task.complete]: (answer, print) => wrote(`Completed ${shortId(answer.id)}`, answer, print),
  [task.create]: (answer, print) =>
    wrote(`Created ${shortId(answer.id)}: ${cleanLine(answer.title)}`, answer, print),
  [task.list]: ({ ageMs, items }, { call, now }) => {
    if (items.length === 0) {
      return { lines: ["There are no tasks."], notes: [`make one: ${call} task create <title>`] };
    }
    const lines = items.flatMap((one) => [
      `${shortId(one.id)}  ${one.status}${one.pending ? ", pending" : ""}  ${one.priority}  ${age(one.changedAt, now)}`,
      `  ${cleanLine(one.title)}  (by ${cleanLine(one.author.name)}${one.claimedBy === undefined ? "" : `, claimed by ${cleanLine(one.claimedBy.name)}`}${one.assignee === undefined ? "" : `, for ${cleanLine(one.assignee.name)}`})`,
      ...detail("result", one.result === undefined ? [] : [one.result]),
      ...detail("reason", one.reason === undefined ? [] : [one.reason]),
      ...detail("tags", one.tags),
    ]);
    return { lines, notes: staleNote(ageMs) };
  },
};

function memories(
  { ageMs, items }: OpenOutput<"memory.list">,
  now: number,
  [none, next]: readonly [string, string],
) {
  if (items.length === 0) return { lines: [none], notes: [next, ...staleNote(ageMs)] };
  const lines = items.flatMap((one) => [
    `${shortId(one.id)}  ${writer(one)}${cleanLine(inTopic(one.topic))}  ${age(one.at, now)}`,
    ...one.text.split("\n").map((text) => `  ${cleanLine(text)}`),
    ...detail("tags", one.tags),
  ]);
  return { lines, notes: staleNote(ageMs) };
}

function contexts({ ageMs, items }: OpenOutput<"context.list">, now: number, hint: string) {
  if (items.length === 0) return { lines: ["Nobody has shared what they work on."], notes: [hint] };
  const lines = items.flatMap((one) => [
    `${writer(one)}  ${age(one.at, now)}`,
    `  ${cleanLine(one.summary)}`,
    ...detail("files", one.files),
    ...one.findings.map((finding) => `  - ${cleanLine(finding)}`),
    ...detail("tags", one.tags),
  ]);
  return { lines, notes: staleNote(ageMs) };
}
