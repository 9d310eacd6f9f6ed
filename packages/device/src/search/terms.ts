import { MeshError } from "@claudemesh/protocol";

/** Something to be found: words that follow each other; the last may be the beginning of one. */
export interface Term {
  readonly words: readonly string[];
  readonly isPrefix: boolean;
}

const mostTerms = 16;
const piece = /"([^"]*)"?|(\S+)/gu;
const word = /[\p{L}\p{N}\p{Co}]+/gu;

/** Lower case and without marks, as the index compares. */
export const foldText = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The words of a text, folded, in order. */
export const wordsOf = (text: string): string[] => foldText(text).match(word) ?? [];

/** What was typed as terms that must all occur. Throws `malformed` when nothing in it can be searched for. */
export function parseTerms(typed: string): Term[] {
  const terms: Term[] = [];
  for (const [, phrase, single = ""] of typed.matchAll(piece)) {
    const words = wordsOf(phrase ?? single);
    if (words.length === 0) continue;
    terms.push({ words, isPrefix: phrase === undefined && single.endsWith("*") });
    if (terms.length === mostTerms) break;
  }
  if (terms.length > 0) return terms;
  throw new MeshError("malformed", "text: there is no word in it to search for", {
    detail: { field: "text" },
  });
}

/** The terms as SQLite's FTS5 reads them; each word stands in quotes, so that none is taken for syntax. */
export const matchOf = (terms: readonly Term[]): string =>
  terms.map(({ words, isPrefix }) => `"${words.join(" ")}"${isPrefix ? "*" : ""}`).join(" ");
