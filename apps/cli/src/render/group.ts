import { names } from "@claudemesh/protocol/light";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { Printers } from "./printers.ts";
import { staleNote } from "./stale-note.ts";

const { group } = names;

const listed = (groups: readonly string[]): string =>
  groups.length === 0 ? "none" : groups.map((one) => `@${one}`).join(", ");

export const printers: Printers = {
  [group.join]: (now, { terminal }) => ({
    lines: [
      `${terminal.paint("good", terminal.icons.ok)} You are in @${now.group} of ${cleanLine(now.mesh.slug)}${now.roleTag === undefined ? "" : ` as ${cleanLine(now.roleTag)}`}.`,
    ],
    notes: now.groups.length > 1 ? [`your groups: ${listed(now.groups)}`] : [],
  }),
  [group.leave]: (now, { terminal }) => ({
    lines: [
      `${terminal.paint("good", terminal.icons.ok)} You have left @${now.group} of ${cleanLine(now.mesh.slug)}.`,
    ],
    notes: [`your groups: ${listed(now.groups)}`],
  }),
  [group.list]: ({ items, ageMs }, { terminal, call }) => {
    if (items.length === 0) {
      return {
        lines: ["Nobody is in a group yet."],
        notes: [...staleNote(ageMs), `begin one: ${call} group join @name`],
      };
    }
    const rows = items.map(({ group: path, self, members }) => [
      `@${path}${self ? " (you)" : ""}`,
      String(members.length),
      members.map(({ name }) => cleanLine(name)).join(", "),
    ]);
    const columns = [{ title: "group" }, { title: "members" }, { title: "who", flexible: true }];
    return { lines: table(columns, rows, terminal), notes: staleNote(ageMs) };
  },
};
