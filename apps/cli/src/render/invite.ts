import { names } from "@claudemesh/protocol/light";
import { shellWord } from "../runner/shell-word.ts";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import { joinLine } from "./join-line.ts";
import type { Printers } from "./printers.ts";
import { verifiedSoFar } from "./roster-check.ts";

const { invite } = names;

export const printers: Printers = {
  [invite.claim]: (joined, { terminal, call }) => {
    const others = joined.peers.map(cleanLine);
    const name = cleanLine(joined.displayName);
    const first = others[0];
    return {
      lines: [
        `${terminal.paint("good", terminal.icons.ok)} You are in ${cleanLine(joined.name)} as ${terminal.paint("strong", name)} (${joined.role}).`,
        hereAlready(others, joined.members - 1),
      ],
      notes: [
        ...(joined.warning ? [`${terminal.icons.warn} ${cleanLine(joined.warning)}`] : []),
        ...(joined.rosterCheck
          ? [`roster: ${verifiedSoFar(joined.rosterCheck)}; the rest follows behind`]
          : []),
        first === undefined
          ? `next: ${call} ${joined.members > 1 ? "members" : "invite"}`
          : `next: ${call} send ${shellWord(first)} "hello"`,
      ],
    };
  },
  [invite.create]: (made, { terminal, now, call }) => ({
    lines: [made.link],
    notes: [
      `good for ${made.uses === 1 ? "one person" : `${made.uses} people`} as ${made.role}, expires ${age(made.expiresAt, now)}`,
      `the other person runs: ${joinLine(call, made.link)}`,
      ...(made.warning ? [`${terminal.icons.warn} ${cleanLine(made.warning)}`] : []),
    ],
  }),
  [invite.list]: ({ items }, { terminal, now, call }) => {
    if (items.length === 0) return { lines: ["No invites yet."], notes: [`next: ${call} invite`] };
    const rows = items.map((item) => [
      item.id,
      item.state,
      item.role,
      `${item.used}/${item.uses}`,
      age(item.expiresAt, now),
    ]);
    const titles = ["invite", "state", "role", "used", "expires"];
    return {
      lines: table(
        titles.map((title) => ({ title })),
        rows,
        terminal,
      ),
    };
  },
  [invite.revoke]: ({ id, used }, { terminal }) => ({
    lines: [
      `${terminal.paint("good", terminal.icons.ok)} ${id} is revoked; ${used === 0 ? "nobody" : used} joined with it.`,
    ],
  }),
};

/** Who is there: by name, or where they are too many for that, by number. */
function hereAlready(names: readonly string[], count: number): string {
  if (names.length > 0) return `Here already: ${names.join(", ")}`;
  return count > 0 ? `Here already: ${count} others` : "Nobody else is here yet.";
}
