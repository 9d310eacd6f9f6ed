import { names } from "@claudemesh/protocol/light";
import { shellWord } from "../runner/shell-word.ts";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { wrap } from "../terminal/width.ts";
import { shortId } from "./printed.ts";
import type { Printers } from "./printers.ts";

const { search } = names;

export const printers: Printers = {
  [search.messages]: ({ items, cursor }, { terminal, now, call, input }) => {
    if (items.length === 0) return { lines: ["Nothing found in what this home has."] };
    const meshes = new Set(items.map(({ mesh }) => mesh.id));
    const lines = items.flatMap((item) => {
      const who = terminal.paint("strong", cleanLine(item.with.name));
      const head = [
        item.direction === "sent" ? `${terminal.icons.to} ${who}` : who,
        ...(item.audience === undefined || item.with.member === undefined
          ? []
          : [cleanLine(item.audience)]),
        age(item.createdAt, now),
        shortId(item.id),
        ...(meshes.size > 1 ? [cleanLine(item.mesh.slug)] : []),
      ];
      return [head.join("  "), ...wrap(cleanLine(item.snippet), terminal.columns, "  ")];
    });
    const text = shellWord(String(input.text));
    return {
      lines,
      notes: [
        `whole: ${call} message show <id>`,
        ...(cursor === undefined ? [] : [`more: ${call} search ${text} --cursor ${cursor}`]),
      ],
    };
  },
};
