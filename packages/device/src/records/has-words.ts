import { recordRule, recordWords, type Written, wordsOf } from "@claudemesh/protocol";

/** Whether a write has every word of a question, each as the beginning of one of its own: what is searched here while the broker is away. */
export function hasWords(
  written: Pick<Written, "op" | "input"> | undefined,
  query: string,
): boolean {
  const rule = written && recordRule(written.op);
  if (written === undefined || rule === undefined) return false;
  const own = recordWords(rule, written.input).split(" ");
  return wordsOf(query).every((word) => own.some((one) => one.startsWith(word)));
}
