import type { OpenOutput } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import { type PrintContext, shortId } from "./printed.ts";
import type { Printers } from "./printers.ts";

const { clock, schedule, watch, webhook } = names;

/** To the minute, in this machine's zone. */
const timeOf = (at: number): string => {
  const time = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
};

const readable = "the broker says it by itself, unsigned, and can read it";

interface Scheduled {
  readonly id: string;
  readonly next: readonly number[];
  readonly to?: string | undefined;
  readonly url?: string | undefined;
}

const printScheduled = (made: Scheduled, { call, terminal }: PrintContext) => ({
  lines: [
    `${terminal.paint("good", terminal.icons.ok)} ${shortId(made.id)}: ${made.url === undefined ? `to ${cleanLine(made.to ?? "")}` : `posts to ${cleanLine(made.url)}`}, ${made.next.map(timeOf).join(", ")}`,
  ],
  notes: [readable, `cancel it: ${call} remind cancel ${shortId(made.id)}`],
});

interface Standing {
  readonly fails: number;
  readonly stopped?: string | undefined;
  readonly last?: { readonly at: number; readonly said: string } | undefined;
}

/** How a job is doing. */
const standing = ({ fails, last, stopped }: Standing, now: number): string => {
  if (stopped !== undefined) return `stopped: ${cleanLine(stopped)}`;
  if (last === undefined) return "not yet";
  const failed = fails === 0 ? "" : `failed ${fails}×: `;
  return `${failed}${cleanLine(last.said)} ${age(last.at, now)}`;
};

const titled = (titles: readonly string[]) =>
  titles.map((title) => ({ title, flexible: title !== "id" }));

const printGone = ({ id }: OpenOutput<"schedule.cancel">, { terminal }: PrintContext) => ({
  lines: [`${terminal.paint("good", terminal.icons.ok)} ${shortId(id)} is gone.`],
});

const printClock = (state: OpenOutput<"clock.get">, { terminal }: PrintContext) => {
  const { paused, running, speed, tick, time } = state;
  const how = running ? `runs at ×${speed}` : `stands still: ${cleanLine(paused ?? "")}`;
  const shown = new Date(time).toISOString().slice(0, 16).replace("T", " ");
  return {
    lines: [`${terminal.icons.on} The simulation clock ${how}; ${shown} UTC after ${tick} ticks.`],
  };
};

export const printers: Printers = {
  [clock.get]: printClock,
  [clock.pause]: printClock,
  [clock.resume]: printClock,
  [clock.set]: printClock,
  [schedule.cancel]: printGone,
  [schedule.create]: printScheduled,
  [schedule.webhook]: printScheduled,
  [schedule.list]: ({ items }, { call, now, terminal }) => {
    if (items.length === 0) {
      return {
        lines: ["Nothing is scheduled."],
        notes: [`next: ${call} remind <text> --in 10m`],
      };
    }
    const rows = items.map((item) => [
      shortId(item.id),
      item.next[0] === undefined ? "never" : timeOf(item.next[0]),
      item.cron === undefined ? "once" : cleanLine(`${item.cron} ${item.zone ?? "UTC"}`),
      cleanLine(item.to ?? item.url ?? ""),
      cleanLine(item.text ?? ""),
      standing(item, now),
    ]);
    const titles = ["id", "next", "how often", "to", "text", "last"];
    return { lines: table(titled(titles), rows, terminal) };
  },
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
      cleanLine(item.url),
      [item.mode, item.path, item.on, item.value]
        .filter(Boolean)
        .map(String)
        .map(cleanLine)
        .join(" "),
      `${item.everyMs / 1_000} s`,
      cleanLine(item.to),
      standing(item, now),
    ]);
    return { lines: table(titled(["id", "url", "what", "every", "to", "last"]), rows, terminal) };
  },
  [webhook.create]: (made, { terminal }) => ({
    lines: [`url     ${made.url}`, `secret  ${made.secret}`],
    notes: [
      `what is posted there, signed with the secret, goes to ${cleanLine(made.to)}`,
      `${terminal.icons.warn} the secret is shown this once; what is posted the broker can read`,
    ],
  }),
  [webhook.delete]: printGone,
  [webhook.list]: ({ items }, { call, terminal }) => {
    if (items.length === 0) {
      return { lines: ["No webhooks yet."], notes: [`next: ${call} webhook create <name>`] };
    }
    const rows = items.map((item) => [
      cleanLine(item.name),
      shortId(item.id),
      cleanLine(item.to),
      cleanLine(item.by),
      cleanLine(item.url),
    ]);
    return { lines: table(titled(["name", "id", "to", "by", "url"]), rows, terminal) };
  },
};
