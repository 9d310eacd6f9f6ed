import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { wrap } from "../terminal/width.ts";
import { shortId } from "./printed.ts";
import type { Printers } from "./printers.ts";

const { notification } = names;

export const printers: Printers = {
  [notification.list]: ({ items, unread }, { terminal, now, call }) => ({
    lines:
      items.length === 0
        ? ["Nothing names you."]
        : items.flatMap(({ at, from, id, read, text, topic }) => [
            [
              `${read ? " " : terminal.paint("warn", terminal.icons.on)} ${terminal.paint("strong", cleanLine(from.name))}`,
              ...(topic === undefined ? [] : [`in #${topic}`]),
              age(at, now),
              shortId(id),
            ].join("  "),
            ...wrap(cleanLine(text), terminal.columns, "    ").slice(0, 1),
          ]),
    notes: unread === 0 ? [] : [`mark them as read: ${call} notification read`],
  }),
  [notification.read]: ({ read }, { terminal }) => ({
    lines: [`${terminal.paint("good", terminal.icons.ok)} ${read} marked as read`],
  }),
};
