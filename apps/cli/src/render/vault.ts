import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { Printers } from "./printers.ts";

const { vault } = names;

export const printers: Printers = {
  [vault.delete]: ({ key }, { terminal }) => ({
    lines: [`${terminal.paint("good", terminal.icons.ok)} ${cleanLine(key)} is deleted.`],
  }),
  // The value is the caller's own and must come out as it went in.
  [vault.get]: ({ value }) => ({ lines: [value] }),
  [vault.list]: ({ items }, { terminal, now, call }) => {
    if (items.length === 0) {
      return { lines: ["Your vault is empty."], notes: [`next: ${call} vault set <key>`] };
    }
    const rows = items.map(({ key, type, mount, version, setAt }) => [
      cleanLine(key),
      type,
      String(version),
      age(setAt, now),
      cleanLine(mount ?? ""),
    ]);
    const titles = ["key", "type", "version", "set", "mount"];
    return {
      lines: table(
        titles.map((title) => ({ title })),
        rows,
        terminal,
      ),
    };
  },
};
