import type { OpenOutput } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import { printGone, readable, standing, titled } from "./job-parts.ts";
import { type PrintContext, shortId } from "./printed.ts";
import type { Printers } from "./printers.ts";
import { printCall, printScheduled, printSchedules } from "./schedule.ts";

const { clock, schedule, watch, webhook } = names;

const printClock = (state: OpenOutput<"clock.get">, { terminal }: PrintContext) => {
  const { paused, running, speed, tick, time } = state;
  const how = running ? `runs at ×${speed}` : `stands still: ${cleanLine(paused ?? "")}`;
  const shown = new Date(time).toISOString().slice(0, 16).replace("T", " ");
  return {
    lines: [`${terminal.icons.on} The simulation clock ${how}; ${shown} UTC after ${tick} ticks.`],
  };
};

type Watch = OpenOutput<"watch.list">["items"][number];

/** What of a URL is looked at, and when it is told. */
const whatOf = ({ mode, on, path, value }: Watch): string =>
  [mode, path, on, value].filter(Boolean).map(String).map(cleanLine).join(" ");

export const printers: Printers = {
  [clock.get]: printClock,
  [clock.pause]: printClock,
  [clock.resume]: printClock,
  [clock.set]: printClock,
  [schedule.cancel]: printGone,
  [schedule.create]: printScheduled,
  [schedule.webhook]: printScheduled,
  [schedule.list]: printSchedules,
  [schedule.tool]: printCall,
  [watch.create]: (made, { call, terminal }) => ({
    lines: [
      `${terminal.paint("good", terminal.icons.ok)} ${shortId(made.id)}: ${cleanLine(made.url)} every ${made.everyMs / 1_000} s; tells ${cleanLine(made.to)}`,
    ],
    notes: [readable, `stop it: ${call} watch delete ${shortId(made.id)}`],
  }),
  [watch.delete]: printGone,
  [watch.list]: ({ items }, { call, now, terminal }) => {
    if (items.length === 0) {
      return { lines: ["Nothing is watched."], notes: [`next: ${call} watch <url>`] };
    }
    const rows = items.map((item) => [
      shortId(item.id),
      item.next === undefined ? "never" : age(item.next, now),
      `${item.everyMs / 1_000} s`,
      cleanLine(item.url),
      `${cleanLine(item.to)}: ${whatOf(item)}`,
      standing(item, now),
    ]);
    return {
      lines: table(titled(["id", "next", "every", "url", "tells", "last"]), rows, terminal),
    };
  },
  [webhook.create]: (made, { terminal }) => ({
    lines: [`url     ${made.url}`, `secret  ${made.secret}`],
    notes: [
      `what is posted there, signed with the secret, goes to ${cleanLine(made.to)}`,
      `${terminal.icons.warn} the secret is shown this once; what is posted the broker can read`,
    ],
  }),
  [webhook.delete]: printGone,
  [webhook.list]: ({ items }, { call, now, terminal }) => {
    if (items.length === 0) {
      return { lines: ["No webhooks yet."], notes: [`next: ${call} webhook create <name>`] };
    }
    const rows = items.map((item) => [
      cleanLine(item.name),
      shortId(item.id),
      cleanLine(item.to),
      cleanLine(item.by),
      standing(item, now),
    ]);
    const [head = "", ...lines] = table(titled(["name", "id", "to", "by", "last"]), rows, terminal);
    // Cut, a URL is of no use.
    const urls = items.map(({ url }) => `  ${cleanLine(url)}`);
    return { lines: [head, ...lines.flatMap((line, at) => [line, urls[at] ?? ""])] };
  },
};
