import { wireOpNames } from "@claudemesh/protocol";
import { type Caller, callers, type Outcome, outcomeOf } from "./row.ts";
import { rows } from "./rows/index.ts";

const titles: Record<Caller, string> = {
  anyone: "no hello",
  guest: "guest",
  member: "member",
  lead: "topic lead",
  admin: "admin",
  owner: "owner",
  revoked: "ended session",
  removed: "removed",
  elsewhere: "other mesh",
  thief: "stolen words",
};

const cell = (outcome: Outcome): string =>
  outcome === "yes" ? "✓" : outcome === "nothing" ? "–" : `\`${outcome}\``;

/** The page of who may ask the broker for what; the tests hold each cell to what a real broker does. */
export function authorizationPage(): string {
  const lines = wireOpNames.flatMap((name) =>
    (rows[name] ?? []).map((row) => {
      const cells = callers.map((caller) => cell(outcomeOf(name, row, caller)));
      const what = row.of === undefined ? `\`${name}\`` : `\`${name}\`: ${row.of}`;
      return `| ${[what, ...cells].join(" | ")} |`;
    }),
  );
  const head = ["operation", ...callers.map((caller) => titles[caller])];
  return [
    "# Who may ask the broker for what",
    "",
    `${lines.length * callers.length} cells, each really asked of a broker by \`tests/authorization\`, with an input that is good but for the right. Written by \`npm run gen\`.`,
    "",
    "✓: done. –: answered, and nothing was changed or told. A code: refused so, and neither the log nor any table nor the list of peers is other than before.",
    "",
    "The **topic lead** is a member who leads the topic that is asked about; an **ended session** speaks for a member that has revoked it; **removed** is asked right after a hello that",
    "is refused. **Other mesh** is an owner of another mesh of the same broker who uses the ids of this one in statements of its own: where that is done, it is done in its own mesh, and",
    "nothing of this one changes or is told. **Stolen words** is one who sends there what this mesh's owner signed. What needs a code or an invite's id alone is open to who has it.",
    "",
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...lines,
    "",
  ].join("\n");
}
