import { type Term, wordsOf } from "./terms.ts";

/** Beyond this a message's length and its further mentions say nothing more of how well it fits. */
const readChars = 4_000;
const k = 1.2;
const b = 0.75;

/** How often a term occurs among words. */
function occurrences({ words, isPrefix }: Term, text: readonly string[]): number {
  let count = 0;
  const last = words.length - 1;
  for (let at = 0; at + last < text.length; at++) {
    const fits = words.every((word, index) => {
      const found = text[at + index];
      return isPrefix && index === last ? found?.startsWith(word) : found === word;
    });
    if (fits) count++;
  }
  return count;
}

/** The candidates, those first that say most of the terms in fewest words (BM25 without rarity, which all share), then the newest. */
export function ranked<T extends { readonly text: string; readonly created_at: number }>(
  candidates: readonly T[],
  terms: readonly Term[],
): T[] {
  const read = candidates.map((row) => ({ row, words: wordsOf(row.text.slice(0, readChars)) }));
  const average = read.reduce((sum, { words }) => sum + words.length, 0) / (read.length || 1);
  const scored = read.map(({ row, words }) => {
    const norm = k * (1 - b + (b * words.length) / (average || 1));
    const score = terms.reduce((sum, term) => {
      const count = occurrences(term, words);
      return sum + (count * (k + 1)) / (count + norm);
    }, 0);
    return { row, score };
  });
  return scored
    .sort((x, y) => y.score - x.score || y.row.created_at - x.row.created_at)
    .map(({ row }) => row);
}
