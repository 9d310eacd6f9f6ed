/** Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment distance. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, at(before, j - 2) + 1);
      }
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return at(previous, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;

/** The known word nearest to `typed`, within two edits and never a wholly different one. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let edits = 3;
  const lower = typed.toLowerCase();
  for (const word of known) {
    // The distance is never below the difference in length; so a very long word costs nothing.
    if (Math.abs(lower.length - word.length) >= edits) continue;
    const found = distance(lower, word);
    if (found < edits && found < Math.max(typed.length, word.length) - 1) {
      best = word;
      edits = found;
    }
  }
  return best;
}
