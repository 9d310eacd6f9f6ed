import type { OpenOutput } from "@claudemesh/protocol";
import { names } from "@claudemesh/protocol/light";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { PrintContext, Printed } from "./printed.ts";
import type { Printers } from "./printers.ts";

const { grant } = names;
type Allowed = OpenOutput<typeof grant.set>;

const printAllowed = (
  { name, capabilities, blocked }: Allowed,
  { terminal }: PrintContext,
): Printed => ({
  lines: [
    blocked
      ? `${terminal.icons.ok} ${cleanLine(name)} is blocked: nothing of it reaches you, and it is not told`
      : `${terminal.icons.ok} ${cleanLine(name)} may: ${capabilities.join(", ")}`,
  ],
});

export const printers: Printers = {
  [grant.block]: printAllowed,
  [grant.list]: ({ items, defaults }, { terminal }) => {
    if (items.length === 0) return { lines: ["There is nobody else in the mesh."] };
    const rows = items.map(({ name, capabilities, blocked }) => [
      cleanLine(name),
      blocked ? "blocked" : capabilities.join(", "),
    ]);
    return {
      lines: table([{ title: "name", flexible: true }, { title: "may" }], rows, terminal),
      notes: defaults === undefined ? [] : [`others: ${defaults.join(", ") || "nothing"}`],
    };
  },
  [grant.revoke]: printAllowed,
  [grant.set]: printAllowed,
  [grant.unblock]: printAllowed,
};
