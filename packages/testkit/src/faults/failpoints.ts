/** A place where a test process ends itself, as a crash would. */
export interface Failpoint {
  readonly name: string;
  /** at which passing, counted from 1 */
  readonly passing: number;
}

/** Told at each named place that the process passes. */
export type Pass = (name: string) => void;

/** Counts passings, and calls `die` at the chosen one; without a choice it does nothing. */
export function failpoints(choice: Failpoint | undefined, die: () => void): Pass {
  if (choice === undefined) return () => {};
  let passed = 0;
  return (name) => {
    if (name !== choice.name) return;
    passed += 1;
    if (passed === choice.passing) die();
  };
}

/** Ends this process as kill -9 does: nothing is flushed, closed or told. */
export const dieAtOnce = (): void => {
  process.kill(process.pid, "SIGKILL");
};

/** `name:passing`, or nothing. Throws for anything else, so that a misspelt one is not taken for none. */
export function parseFailpoint(text: string, names: readonly string[]): Failpoint | undefined {
  if (text === "") return undefined;
  const [, name = "", passing] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (!names.includes(name)) throw new Error(`no failpoint is called ${text}`);
  return { name, passing: Number(passing) };
}

export const formatFailpoint = ({ name, passing }: Failpoint): string => `${name}:${passing}`;
