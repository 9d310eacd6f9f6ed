import { nouns } from "@claudemesh/protocol";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { table } from "../terminal/table.ts";
import type { Printers } from "./printers.ts";
import { staleNote } from "./stale-note.ts";

const { peer } = nouns;

export const printers: Printers = {
  [peer.list.name]: ({ items, ageMs }, { terminal, now, call }) => {
    const stale = staleNote(ageMs);
    if (items.length === 0) {
      return {
        lines: [stale.length > 0 ? "Nobody else was connected." : "Nobody else is connected now."],
        notes: [...stale, `next: ${call} invite, or see everyone with ${call} member list`],
      };
    }
    const rows = items.map((item) => [
      cleanLine(item.name),
      item.key,
      item.type,
      item.status,
      age(item.connectedAt, now),
      item.sharesKeyWith === 0 ? "" : `shares its key with ${item.sharesKeyWith} more`,
    ]);
    const columns = [
      { title: "name", flexible: true },
      { title: "key" },
      { title: "type" },
      { title: "status" },
      { title: "connected" },
      { title: "", flexible: true },
    ];
    return { lines: table(columns, rows, terminal), notes: stale };
  },
};
