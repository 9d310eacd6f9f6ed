import { names } from "@claudemesh/protocol/light";
import { shownAs, type Verb } from "../runner/verb.ts";
import { verbOf, verbs } from "../runner/verbs.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { pad, textWidth, wrap } from "../terminal/width.ts";

const whenWrong = [names.message.why, names.mesh.ping, names.mesh.info].map(verbOf);

/** Two columns: how it is typed, and what it does. */
function list(
  shown: readonly Verb[],
  spelling: (verb: Verb) => string,
  terminal: Terminal,
): string[] {
  const width = Math.max(...shown.map((verb) => textWidth(spelling(verb))));
  const indent = " ".repeat(width + 4);
  return shown.flatMap((verb) => {
    const [first = "", ...more] = wrap(verb.summary, terminal.columns - indent.length);
    const head = `  ${terminal.paint("strong", pad(spelling(verb), width))}  ${first}`;
    return [head, ...more.map((line) => indent + line)];
  });
}

/** What bare `claudemesh` prints: the primary verbs, and where to look when something is wrong. */
export function mainHelp(call: string, terminal: Terminal): string {
  const primary = verbs
    .filter((verb) => verb.primary !== undefined)
    .sort((a, b) => (a.primary ?? 0) - (b.primary ?? 0));
  return `${[
    "claudemesh: people and their agents, talking end-to-end encrypted",
    "",
    `usage: ${call} <verb> [arguments] [flags]`,
    "",
    ...list(primary, shownAs, terminal),
    "",
    "When something's wrong:",
    ...list(whenWrong, shownAs, terminal),
    "",
    `${call} help <verb>     explains one`,
    `${call} help advanced   lists the rest`,
  ].join("\n")}\n`;
}

/** Every verb that the main help leaves out, by its resource form, and the flags that all take. */
export function advancedHelp(call: string, terminal: Terminal): string {
  const rest = verbs.filter(
    (verb) => verb.primary === undefined && !whenWrong.some((w) => w.words === verb.words),
  );
  return `${[
    `usage: ${call} <verb> [arguments] [flags]`,
    "",
    ...list(rest, ({ words }) => words, terminal),
    "",
    "Shorter spellings:",
    ...aliasLines(),
    "",
    `${call} help <verb> explains one, with the flags that every verb takes.`,
  ].join("\n")}\n`;
}

/** The verbs of one noun. */
export const nounHelp = (
  noun: string,
  own: readonly Verb[],
  call: string,
  terminal: Terminal,
): string =>
  `${[
    `usage: ${call} ${noun} <verb> [arguments] [flags]`,
    "",
    ...list(own, ({ words }) => words, terminal),
    "",
    `${call} help ${own[0]?.words ?? noun} explains one.`,
  ].join("\n")}\n`;

function aliasLines(): string[] {
  const named = verbs.filter(({ aliases }) => aliases.length > 0);
  const width = Math.max(...named.map(({ words }) => words.length));
  return named.map(({ words, aliases }) => `  ${words.padEnd(width)}  ${aliases.join(", ")}`);
}
