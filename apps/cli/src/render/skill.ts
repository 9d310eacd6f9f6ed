import { names } from "@claudemesh/protocol/light";
import { cleanLine, cleanText } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { Printers } from "./printers.ts";

const { skill } = names;

export const printers: Printers = {
  [skill.get]: (shown, { terminal, call }) => {
    const { author, description, files, instructions, name, trusted } = shown;
    return {
      lines: [
        `${cleanLine(name)}  by ${cleanLine(author.name)}${trusted ? "" : "  (not trusted here)"}`,
        cleanLine(description),
        ...(instructions === undefined ? [] : ["", ...cleanText(instructions).split("\n")]),
        ...(files.length === 0 ? [] : ["", `files: ${files.map(cleanLine).join(" ")}`]),
      ],
      ...(trusted
        ? {}
        : {
            notes: [
              `${terminal.icons.warn} your agents do not get it until: ${call} skill trust ${cleanLine(name)}`,
            ],
          }),
    };
  },
  [skill.list]: ({ items }, { terminal, call }) => {
    if (items.length === 0) {
      return { lines: ["No skills yet."], notes: [`next: ${call} skill publish <folder>`] };
    }
    const rows = items.map(({ author, description, name, trusted }) => [
      cleanLine(name),
      cleanLine(author.name),
      trusted ? "yes" : "no",
      cleanLine(description),
    ]);
    const titles = ["skill", "by", "trusted", "what it does"];
    return {
      lines: table(
        titles.map((title) => ({ title })),
        rows,
        terminal,
      ),
    };
  },
  [skill.remove]: ({ name }, { terminal }) => ({
    lines: [`${terminal.paint("good", terminal.icons.ok)} skill ${cleanLine(name)} is removed.`],
  }),
  [skill.trust]: ({ author, name }, { terminal }) => ({
    lines: [
      `${terminal.paint("good", terminal.icons.ok)} your agents may use skill ${cleanLine(name)}, as long as ${cleanLine(author)} signs it.`,
    ],
  }),
  [skill.untrust]: ({ name }, { terminal }) => ({
    lines: [
      `${terminal.paint("good", terminal.icons.ok)} your agents do not get skill ${cleanLine(name)} any more.`,
    ],
  }),
};
