import type { SharedCounts } from "@claudemesh/protocol";

type Kind = keyof SharedCounts;

const words: readonly (readonly [Kind, one: string, several: string])[] = [
  ["stateKeys", "state key", "state keys"],
  ["memories", "memory", "memories"],
  ["tasks", "task", "tasks"],
  ["openTasks", "of them open", "of them open"],
  ["contexts", "context", "contexts"],
  ["files", "file", "files"],
  ["skills", "skill", "skills"],
  ["streams", "stream", "streams"],
];

/** The share of what a mesh may have from which on a person is told. */
const scarceFrom = 0.8;

export interface Shared extends SharedCounts {
  readonly limits?: SharedCounts | undefined;
}

/** What there is of shared data, in one line; where room becomes scarce, with how much there may be. */
export function sharedLine(info: Shared): string {
  const there = words.flatMap(([kind, one, several]) => {
    const count = info[kind];
    if (!count) return [];
    const most = info.limits?.[kind];
    const bound = isScarce(count, most) ? ` (at most ${most})` : "";
    return [`${count} ${count === 1 ? one : several}${bound}`];
  });
  return there.length === 0 ? "nothing" : there.join(", ");
}

/** Of what there is nearly as much as a mesh may have. */
export const scarceOf = ({ limits = {}, ...counts }: Shared): string[] =>
  words.flatMap(([kind, , several]) => {
    const count = counts[kind] ?? 0;
    const most = limits[kind];
    const what = kind === "openTasks" ? "open tasks" : several;
    return isScarce(count, most) ? [`${count} of at most ${most} ${what}`] : [];
  });

const isScarce = (count: number, most: number | undefined): boolean =>
  most !== undefined && count >= scarceFrom * most;
