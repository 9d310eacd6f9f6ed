import { recordRule, recordWords, searchWords, type Written } from "@claudemesh/protocol";

/** Whether a write has every word of a question, each as the beginning of one of its own, or else so with its identifiers taken apart: what is searched here while the broker is away. */
export function hasWords(
  written: Pick<Written, "op" | "input"> | undefined,
  query: string,
): boolean {
  const rule = written && recordRule(written.op);
  if (written === undefined || rule === undefined) return false;
  const own = recordWords(rule, written.input).split(" ");
  const { words, apart } = searchWords(query);
  const has = (all: readonly string[]) =>
    all.length > 0 && all.every((word) => own.some((one) => one.startsWith(word)));
  return has(words) || has(apart);
}
