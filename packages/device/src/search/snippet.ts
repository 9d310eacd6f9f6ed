import { foldText, type Term } from "./terms.ts";

const before = 30;
const length = 140;

/** The text around the first match, on one line, cut at words, with `…` where something is left out. */
export function snippetOf(text: string, terms: readonly Term[]): string {
  const line = text.replace(/\s+/gu, " ").trim();
  if (line.length <= length) return line;
  const start = wordStart(line, Math.max(0, firstMatch(line, terms) - before));
  const rest = line.slice(start);
  if (rest.length <= length) return `${start > 0 ? "…" : ""}${rest}`;
  const cut = rest.slice(0, length);
  const end = cut.lastIndexOf(" ");
  return `${start > 0 ? "…" : ""}${end > length / 2 ? cut.slice(0, end) : whole(cut)}…`;
}

/** Where a term begins. Folding may change lengths, so the place is sought word by word. */
function firstMatch(line: string, terms: readonly Term[]): number {
  const sought = terms.map(({ words }) => words[0] ?? "");
  for (const { 0: word, index } of line.matchAll(/[\p{L}\p{M}\p{N}\p{Co}]+/gu)) {
    const folded = foldText(word);
    if (sought.some((one) => folded.startsWith(one))) return index;
  }
  return 0;
}

/** The next beginning of a word at or after `at`. */
function wordStart(line: string, at: number): number {
  if (at === 0) return 0;
  const space = line.indexOf(" ", at);
  return space < 0 || space > at + before ? at : space + 1;
}

/** Without half of a character at its end. */
const whole = (text: string): string => text.replace(/[\uD800-\uDBFF]$/u, "");
