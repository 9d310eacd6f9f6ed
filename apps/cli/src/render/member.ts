import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { pairs, table } from "../terminal/table.ts";
import { entriesOf } from "./default.ts";
import type { Printers } from "./printers.ts";
import { staleNote } from "./stale-note.ts";

const { member } = names;

export const printers: Printers = {
  [member.list]: ({ items, ageMs }, { terminal, now, call }) => {
    const rows = items.map((item) => [
      `${cleanLine(item.name)}${item.self ? " (you)" : ""}`,
      item.role,
      item.key,
      item.online
        ? `${terminal.icons.on} online`
        : `${terminal.icons.off} ${item.lastSeenAt === undefined ? "offline" : age(item.lastSeenAt, now)}`,
      age(item.joinedAt, now),
    ]);
    const columns = [
      { title: "name", flexible: true },
      { title: "role" },
      { title: "key" },
      { title: "seen" },
      { title: "joined" },
    ];
    return {
      lines: table(columns, rows, terminal),
      notes: [
        ...staleNote(ageMs),
        ...(items.length < 2 ? [`you are alone here; next: ${call} invite`] : []),
      ],
    };
  },
  [member.update]: ({ profile }, context) => ({
    lines: pairs(entriesOf(profile, context), context.terminal),
  }),
};
