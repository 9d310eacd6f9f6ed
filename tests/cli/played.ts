import { readFileSync } from "node:fs";
import { join } from "node:path";
import { spellings } from "../../apps/cli/src/runner/verbs.ts";
import { parseTranscript } from "./transcript.ts";

/** The verbs that a transcript runs with success, each in its own words: what it only shows, says of others or sees refused does not count, nor does a line whose end could be another's. */
export function playedVerbs(name: string): string[] {
  return parseTranscript(readFileSync(join(import.meta.dirname, name), "utf8")).flatMap((step) => {
    if (step.does !== "run" || step.exit !== 0 || step.stdout.length === 0) return [];
    if (/\|\||;|>/.test(unquoted(step.command))) return [];
    return unquoted(step.command)
      .split(/\||&&/)
      .flatMap((command) => verbOf(command) ?? []);
  });
}

const unquoted = (command: string): string => command.replaceAll(/'[^']*'|"[^"]*"/g, "_");

function verbOf(command: string): string | undefined {
  const [, noun = "", second = ""] =
    /^\s*(?:[A-Z_]+=\S+ )*claudemesh ([a-z-]+)(?: ([a-z-]+))?/.exec(command) ?? [];
  return (spellings.get(`${noun} ${second}`) ?? spellings.get(noun))?.words;
}
