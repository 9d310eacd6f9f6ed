import { names } from "@claudemesh/protocol/light";
import { age } from "../terminal/age.ts";
import { cleanLine } from "../terminal/clean.ts";
import { pairs, table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Printers } from "./printers.ts";

const { audit } = names;

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly act: string;
  readonly op?: string | undefined;
  readonly by?:
    | { readonly member?: string | undefined; readonly apiKey?: string | undefined }
    | undefined;
  readonly byName?: string | undefined;
  readonly about?: string | undefined;
  readonly aboutName?: string | undefined;
  readonly hash: string;
}

const columns = [
  { title: "row" },
  { title: "when" },
  { title: "change" },
  { title: "by", flexible: true },
  { title: "about", flexible: true },
  { title: "hash" },
];

const shownHash = 12;

function rowsOf(items: readonly Row[], now: number, terminal: Terminal): string[] {
  const rows = items.map((row) => [
    String(row.seq),
    age(row.at, now),
    cleanLine(row.op ?? row.act),
    cleanLine(row.byName ?? row.by?.member ?? row.by?.apiKey ?? "the operator"),
    cleanLine(row.aboutName ?? row.about ?? ""),
    row.hash.slice(0, shownHash),
  ]);
  return table(columns, rows, terminal);
}

export const printers: Printers = {
  [audit.list]: ({ items }, { terminal, now, call }) => ({
    lines: rowsOf(items, now, terminal),
    notes: [`this is what the broker wrote down; check it with ${call} audit verify`],
  }),
  [audit.tail]: ({ items }, { terminal, now }) => ({ lines: rowsOf(items, now, terminal) }),
  [audit.verify]: ({ valid, first, rows, head, key, seen }, { terminal, call }) => {
    const { icons, paint } = terminal;
    if (!valid) {
      return {
        lines: [`${paint("bad", icons.bad)} row ${first?.seq}: ${cleanLine(first?.why ?? "")}`],
        alerts: [
          "what the broker shows is not the chain that it wrote; ask its operator",
          `after an honest restore from a backup: ${call} audit verify --accept`,
        ],
      };
    }
    const grown =
      seen === undefined ? [] : [["grew from", `row ${seen}, which was seen here before`]];
    return {
      lines: [
        `${paint("good", icons.ok)} ${rows} rows hold, up to row ${head.seq}`,
        ...pairs(
          [...grown, ["hash", head.hash], ["broker's key", key]] as [string, string][],
          terminal,
        ),
      ],
    };
  },
};
