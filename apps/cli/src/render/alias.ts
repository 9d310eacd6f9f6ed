import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { Printers } from "./printers.ts";

const { alias } = names;

export const printers: Printers = {
  [alias.list]: ({ items }, { terminal, now, call }) => {
    if (items.length === 0) {
      return {
        lines: ["You have no names of your own for peers."],
        notes: [`give one: ${call} alias set <alias> <peer>`],
      };
    }
    const rows = items.map((item) => [
      cleanLine(item.alias),
      cleanLine(item.name),
      cleanLine(item.mesh.slug),
      age(item.at, now),
    ]);
    const columns = [
      { title: "alias", flexible: true },
      { title: "peer", flexible: true },
      { title: "mesh" },
      { title: "since" },
    ];
    return { lines: table(columns, rows, terminal) };
  },
  [alias.set]: ({ alias: name, name: peer, removed }, { terminal }) => ({
    lines: [
      removed
        ? `${terminal.icons.ok} ${cleanLine(name)} names nobody here any more`
        : `${terminal.icons.ok} ${cleanLine(name)} is ${cleanLine(peer)}`,
    ],
  }),
};
