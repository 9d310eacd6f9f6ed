import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { Printers } from "./printers.ts";

const { apikey } = names;

export const printers: Printers = {
  [apikey.create]: (made, { terminal, now, call }) => {
    if (made.secret === undefined) {
      return {
        lines: [
          `${terminal.paint("good", terminal.icons.ok)} ${cleanLine(made.name)} is a member of ${cleanLine(made.mesh.slug)} with keys of its own.`,
        ],
        notes: [`it speaks with: CLAUDEMESH_HOME=${made.home} ${call} send …`],
      };
    }
    const topics = made.topics?.map((one) => `#${cleanLine(one)}`).join(", ");
    const until = made.expiresAt === undefined ? "" : `, expires ${age(made.expiresAt, now)}`;
    return {
      lines: [made.secret],
      notes: [
        `${made.id}: ${made.capabilities?.join(", ")} in ${topics ?? "the whole mesh"}${until}`,
        `${terminal.icons.warn} shown this once; what is posted with it the broker can read`,
        `next: curl -H "Authorization: Bearer $KEY" ${made.broker}/v1/topics`,
      ],
    };
  },
  [apikey.list]: ({ items }, { terminal, now, call }) => {
    if (items.length === 0) {
      return { lines: ["No API keys yet."], notes: [`next: ${call} apikey create <name>`] };
    }
    const rows = items.map((item) => [
      cleanLine(item.name),
      item.id,
      item.state,
      item.capabilities.join(","),
      item.topics?.map((one) => `#${cleanLine(one)}`).join(" ") ?? "the whole mesh",
      cleanLine(item.by),
      item.usedAt === undefined ? "never" : age(item.usedAt, now),
    ]);
    const titles = ["name", "key", "state", "may", "topics", "of", "used"];
    return {
      lines: table(
        titles.map((title) => ({ title })),
        rows,
        terminal,
      ),
    };
  },
  [apikey.revoke]: ({ id, name }, { terminal }) => ({
    lines: [`${terminal.paint("good", terminal.icons.ok)} ${cleanLine(name)} (${id}) is revoked.`],
  }),
};
