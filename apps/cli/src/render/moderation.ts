import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { Printers } from "./printers.ts";

const { member } = names;

const connections = (count: number): string =>
  count === 1 ? "1 connection" : `${count} connections`;

/** Acts on other members: who they are, what they may do, and whether they may be here. */
export const moderation: Printers = {
  [member.ban]: ({ name, epoch, revoked }, { terminal, call }) => ({
    lines: [
      `${terminal.icons.ok} ${cleanLine(name)} was removed; the mesh's key is number ${epoch} from now on`,
    ],
    notes: [
      ...(revoked === 0
        ? []
        : [`${revoked === 1 ? "1 open invite was" : `${revoked} open invites were`} ended`]),
      "what was sent before stays readable to who was removed; what comes after does not",
      `to let them back: ${call} unban ${cleanLine(name)}`,
    ],
  }),
  [member.bans]: ({ items }, { terminal, now }) => {
    const rows = items.map(({ name, role, by, at }) => [
      cleanLine(name),
      role,
      cleanLine(by),
      age(at, now),
    ]);
    const columns = [
      { title: "name", flexible: true },
      { title: "was" },
      { title: "removed by" },
      { title: "when" },
    ];
    return {
      lines: items.length === 0 ? ["Nobody was removed."] : table(columns, rows, terminal),
    };
  },
  [member.disconnect]: ({ name, connections: count }, { terminal }) => ({
    lines: [`${terminal.icons.ok} ended ${connections(count)} of ${cleanLine(name)}`],
    notes: count === 0 ? [] : ["their devices come back by themselves"],
  }),
  [member.kick]: ({ items }, { terminal }) => ({
    lines: items.map(
      ({ name, connections: count }) =>
        `${terminal.icons.ok} ended ${connections(count)} of ${cleanLine(name)}`,
    ),
    notes: [
      items.length === 0
        ? "there was nobody to kick"
        : "they stay away until they run a command of their own; to keep them out, ban them",
    ],
  }),
  [member.permissions]: ({ name, role, permissions, overrides }, { terminal, call }) => {
    const rows = Object.entries(permissions).map(([flag, has]) => [
      flag,
      has ? "yes" : "no",
      Object.hasOwn(overrides, flag) ? "set apart" : `as ${role}`,
    ]);
    return {
      lines: table(
        [{ title: "permission" }, { title: "has it" }, { title: "why" }],
        rows,
        terminal,
      ),
      notes: [
        `${cleanLine(name)} is ${role}; to change one: ${call} member permissions set ${cleanLine(name)} --deploy=false`,
      ],
    };
  },
  [member.role]: ({ name, role, before }, { terminal }) => ({
    lines: [
      before === role
        ? `${terminal.icons.ok} ${cleanLine(name)} is ${role} already`
        : `${terminal.icons.ok} ${cleanLine(name)} is ${role} now, was ${before}`,
    ],
  }),
  [member.unban]: ({ name, role }, { terminal }) => ({
    lines: [`${terminal.icons.ok} ${cleanLine(name)} may come back, as ${role}`],
    notes: ["their device is let in as soon as it connects, and is given the keys that it lacks"],
  }),
};
