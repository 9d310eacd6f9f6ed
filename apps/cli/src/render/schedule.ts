import type { OpenOutput } from "@claudemesh/protocol";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import { readable, standing, timeOf, titled } from "./job-parts.ts";
import { type PrintContext, shortId } from "./printed.ts";

type Scheduled = OpenOutput<"schedule.create">;
type Call = OpenOutput<"schedule.tool">;

/** What is said or posted at a time. */
export const printScheduled = (made: Scheduled, { call, terminal }: PrintContext) => ({
  lines: [
    `${terminal.paint("good", terminal.icons.ok)} ${shortId(made.id)}: ${made.url === undefined ? `to ${cleanLine(made.to ?? "")}` : `posts to ${cleanLine(made.url)}`}, ${made.next.map(timeOf).join(", ")}`,
  ],
  notes: [readable, `cancel it: ${call} remind cancel ${shortId(made.id)}`],
});

/** What one's own devices call at a time. */
export const printCall = (made: Call, { call, terminal }: PrintContext) => ({
  lines: [
    `${terminal.paint("good", terminal.icons.ok)} ${shortId(made.id)}: calls ${cleanLine(made.tool)}, ${made.next.map(timeOf).join(", ")}`,
  ],
  notes: [
    "a daemon of yours calls it, as you; the broker knows the time and cannot read the rest",
    `cancel it: ${call} schedule cancel ${shortId(made.id)}`,
  ],
});

const often = ({ cron, zone }: Pick<Scheduled, "cron" | "zone">): string =>
  cron === undefined ? "once" : cleanLine(`${cron} ${zone ?? "UTC"}`);

const soonest = ([first]: readonly number[]): string =>
  first === undefined ? "never" : timeOf(first);

/** Everything that one has scheduled, with when it is due and how it went. */
export function printSchedules(
  { calls, items }: OpenOutput<"schedule.list">,
  { call, now, terminal }: PrintContext,
) {
  if (items.length + calls.length === 0) {
    return { lines: ["Nothing is scheduled."], notes: [`next: ${call} remind <text> --in 10m`] };
  }
  const said = items.map((item) => [
    shortId(item.id),
    soonest(item.next),
    often(item),
    item.url === undefined
      ? `${cleanLine(item.to ?? "")}: ${cleanLine(item.text ?? "")}`
      : `post to ${cleanLine(item.url)}`,
    standing(item, now),
  ]);
  const called = calls.map((item) => [
    shortId(item.id),
    item.waiting === undefined ? soonest(item.next) : "due now",
    often(item),
    item.problem === undefined
      ? `${cleanLine(item.tool)} ${cleanLine(JSON.stringify(item.input))}`
      : cleanLine(item.problem),
    standing({ ...item, last: item.last && { ...item.last, said: came(item.last) } }, now),
  ]);
  const titles = ["id", "next", "how often", "what", "last"];
  return { lines: table(titled(titles), [...said, ...called], terminal) };
}

const came = ({ outcome, said }: NonNullable<Call["last"]>): string =>
  outcome === "done" ? `done: ${said}` : `${outcome}: ${said}`;
