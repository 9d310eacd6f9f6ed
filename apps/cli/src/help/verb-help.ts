import { commonCodes, type ErrorCode, errorTable } from "@claudemesh/protocol/light";
import type { Field } from "../runner/field.ts";
import { globalFields, shortFlags } from "../runner/globals.ts";
import { usageExample } from "../runner/usage-example.ts";
import { argsLine, flagFields, shownAs, type Verb } from "../runner/verb.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { pad, textWidth, wrap } from "../terminal/width.ts";

/** Help for one verb, from its declaration alone. */
export function verbHelp(verb: Verb, call: string, terminal: Terminal): string {
  const own = flagFields(verb);
  const positional = verb.args.flatMap(({ field, rest }) => {
    const spec = verb.fields.find(({ name }) => name === field);
    return spec ? [[`<${spec.flag}${rest ? "..." : ""}>`, meaning(spec)] as const] : [];
  });
  const global = globalFields.filter(
    ({ flag }) => !own.some((field) => field.flag === flag) && flag !== "mesh" && flag !== "broker",
  );
  const others = [verb.words, ...verb.aliases].filter((spelling) => spelling !== shownAs(verb));
  const groups = [...new Set(own.map(({ group }) => group ?? ungrouped))];
  const rows = [positional, own.map(flagRow), global.map(flagRow)] as const;
  const width = Math.max(...rows.flat().map(([left]) => textWidth(left)));
  const section = (title: string, part: readonly (readonly [string, string])[]) =>
    part.length === 0
      ? []
      : ["", `${title}:`, ...part.flatMap((row) => twoColumns(row, width, terminal))];
  return `${[
    verb.summary,
    "",
    `usage: ${[call, shownAs(verb), argsLine(verb), "[flags]"].filter(Boolean).join(" ")}`,
    ...(others.length > 0
      ? [`also:  ${others.map((other) => `${call} ${other}`).join(", ")}`]
      : []),
    ...section("arguments", rows[0]),
    ...groups.flatMap((group) =>
      section(group, own.filter((field) => (field.group ?? ungrouped) === group).map(flagRow)),
    ),
    ...(verb.note === undefined ? [] : ["", ...wrap(verb.note, terminal.columns)]),
    ...section("flags of every verb", rows[2]),
    "",
    "example:",
    `  ${usageExample(verb, call)}`,
    "",
    "exit codes:",
    ...exitLines(verb).flatMap((line) => wrapHanging(line, terminal.columns)),
  ].join("\n")}\n`;
}

const ungrouped = "flags";

function flagRow(field: Field): readonly [string, string] {
  const short = Object.entries(shortFlags).find(([, name]) => name === field.flag)?.[0];
  const value = field.kind === "boolean" ? "" : ` <${valueName(field)}>`;
  return [`${short ? `-${short}, ` : ""}--${field.flag}${value}`, meaning(field)];
}

function valueName(field: Field): string {
  if (field.kind === "duration") return "time";
  if (field.kind === "number") return "number";
  if (field.kind === "list") return "a,b";
  return field.choices ? "choice" : "text";
}

function meaning(field: Field): string {
  const choices = field.choices ? `; one of ${field.choices.join(", ")}` : "";
  const fallback = field.default === undefined ? "" : ` (default ${String(field.default)})`;
  return `${field.description}${choices}${fallback}`;
}

function twoColumns(
  [left, right]: readonly [string, string],
  width: number,
  terminal: Terminal,
): string[] {
  const indent = " ".repeat(width + 4);
  const [first = "", ...more] = wrap(right, terminal.columns - indent.length);
  const lead = `  ${terminal.paint("strong", pad(left, width))}  `;
  return [`${lead}${first}`.trimEnd(), ...more.map((line) => indent + line)];
}

const local: readonly ErrorCode[] = ["cancelled", "home_damaged", "malformed", "not_writable"];

/** Exit codes with the errors behind each, from the error table. */
function exitLines(verb: Verb): string[] {
  const own = "op" in verb.does ? [...commonCodes, ...verb.errors] : verb.errors;
  const byExit = new Map<number, string[]>();
  for (const code of [...new Set([...local, ...own])].sort()) {
    const { exit } = errorTable[code];
    byExit.set(exit, [...(byExit.get(exit) ?? []), code]);
  }
  const lines = [...byExit].sort(([a], [b]) => a - b);
  return [
    "  0   done",
    ...lines.map(([exit, codes]) => `  ${String(exit).padEnd(2)}  ${codes.join(", ")}`),
  ];
}

function wrapHanging(line: string, columns: number): string[] {
  const lead = line.slice(0, 6);
  const [first = "", ...more] = wrap(line.slice(6), columns - 6);
  return [lead + first, ...more.map((next) => " ".repeat(6) + next)];
}
