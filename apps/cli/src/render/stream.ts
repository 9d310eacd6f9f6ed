import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { Printers } from "./printers.ts";

const { stream } = names;

export const printers: Printers = {
  [stream.create]: ({ name }, { terminal, call }) => ({
    lines: [`${terminal.paint("good", terminal.icons.ok)} stream ${cleanLine(name)} is there.`],
    notes: [`listen: ${call} stream subscribe ${cleanLine(name)}`],
  }),
  [stream.delete]: ({ name }, { terminal }) => ({
    lines: [`${terminal.paint("good", terminal.icons.ok)} stream ${cleanLine(name)} is deleted.`],
  }),
  [stream.list]: ({ items }, { terminal, now, call }) => {
    if (items.length === 0) {
      return { lines: ["No streams yet."], notes: [`next: ${call} stream create <name>`] };
    }
    const rows = items.map(({ name, topic, by, createdAt }) => [
      cleanLine(name),
      topic === undefined ? "everyone" : `#${cleanLine(topic)}`,
      cleanLine(by),
      age(createdAt, now),
    ]);
    const titles = ["stream", "for", "by", "made"];
    return {
      lines: table(
        titles.map((title) => ({ title })),
        rows,
        terminal,
      ),
    };
  },
  [stream.publish]: ({ name }, { terminal }) => ({
    lines: [`${terminal.paint("good", terminal.icons.ok)} published to ${cleanLine(name)}.`],
  }),
  [stream.unsubscribe]: ({ name }, { terminal }) => ({
    lines: [
      `${terminal.paint("good", terminal.icons.ok)} ${cleanLine(name)} is not pushed to this session any more.`,
    ],
  }),
};
