import type { Peer } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { age, length } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import { wrap } from "../terminal/width.ts";
import type { PrintContext } from "./printed.ts";
import type { Printers } from "./printers.ts";
import { staleNote } from "./stale-note.ts";
import { trustNotes, trustWord } from "./trust.ts";

const { peer } = names;

/** A status younger than this is not worth its age. */
const newMs = 60_000;
const columns = [
  { title: "name", flexible: true },
  { title: "key" },
  { title: "type" },
  { title: "status" },
  { title: "connected" },
];

export const printers: Printers = {
  [peer.list]: ({ items, ageMs }, { terminal, now, call }) => {
    const stale = staleNote(ageMs);
    if (items.length === 0) {
      return {
        lines: [stale.length > 0 ? "Nobody else was connected." : "Nobody else is connected now."],
        notes: [...stale, `next: ${call} invite, or see everyone with ${call} member list`],
      };
    }
    const rows = items.map((item) => [
      `${cleanLine(item.name)}${item.self ? " (you)" : ""}`,
      `${item.key}${trustWord(item.trust, terminal)}`,
      item.type,
      statusOf(item),
      age(item.connectedAt, now),
    ]);
    const [head = "", ...lines] = table(columns, rows, terminal);
    const told = items.flatMap((item, index) => [
      lines[index] ?? "",
      ...more(item, terminal.columns),
    ]);
    return { lines: [head, ...told], notes: [...stale, ...trustNotes(items, call)] };
  },
};

function statusOf({ status, statusSource, statusAgeMs = 0 }: Peer): string {
  const said = statusSource === undefined || statusSource === "hook" ? "" : ` (${statusSource})`;
  return `${status}${said}${statusAgeMs < newMs ? "" : ` ${length(statusAgeMs)}`}`;
}

/** What else is known of a peer, indented below it: what it works on, who and where it is, its counters. */
function more(item: Peer, width: PrintContext["terminal"]["columns"]): string[] {
  const { stats } = item;
  const parts = [
    [item.agent, item.model].filter(Boolean).join(" "),
    item.cwd === undefined ? "" : `${item.cwd} (${item.host})`,
    item.groups.map((group) => `@${group}`).join(" "),
    item.roleTag ?? "",
    item.tags.map((tag) => `#${tag}`).join(" "),
    item.sharesKeyWith === 0 ? "" : `shares its key with ${item.sharesKeyWith} more`,
    item.grants === undefined ? "" : `may: ${item.grants.join(", ") || "nothing"}`,
    item.via === "rest" ? "over REST" : "",
    stats === undefined
      ? ""
      : `${stats.messagesIn} in, ${stats.messagesOut} out, ${stats.toolCalls} tool calls, ${stats.errors} errors`,
  ];
  const about = parts.filter((part) => part !== "").map(cleanLine);
  return [
    ...(item.summary === undefined ? [] : wrap(`"${cleanLine(item.summary)}"`, width, "  ")),
    ...(about.length === 0 ? [] : wrap(about.join(" · "), width, "  ")),
  ];
}
