import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { pairs, table } from "../terminal/table.ts";
import { entriesOf } from "./default.ts";
import { moderation } from "./moderation.ts";
import type { Printers } from "./printers.ts";
import { staleNote } from "./stale-note.ts";
import { trustNotes, trustWord } from "./trust.ts";
import { printVerify } from "./verify.ts";

const { member } = names;

export const printers: Printers = {
  ...moderation,
  [member.list]: ({ items, ageMs }, { terminal, now, call }) => {
    const rows = items.map((item) => [
      `${cleanLine(item.name)}${item.self ? " (you)" : ""}`,
      item.role,
      `${item.key}${trustWord(item.trust, terminal)}`,
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
        ...trustNotes(items, call),
        ...(items.length < 2 ? [`you are alone here; next: ${call} invite`] : []),
      ],
    };
  },
  [member.verify]: printVerify,
  [member.update]: ({ profile }, context) => ({
    lines: pairs(entriesOf(profile, context), context.terminal),
  }),
};
