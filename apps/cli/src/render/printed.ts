import type { Terminal } from "../terminal/terminal.ts";

/** What a printer makes of an answer: lines for standard output, and notes beside it for standard error. */
export interface Printed {
  readonly lines: readonly string[];
  /** what must be seen: said on standard error even with `--quiet` */
  readonly alerts?: readonly string[];
  readonly notes?: readonly string[];
}

export interface PrintContext {
  readonly terminal: Terminal;
  /** ms since the Unix epoch */
  readonly now: number;
  /** how a person calls this program */
  readonly call: string;
  /** the input as it was given */
  readonly input: Readonly<Record<string, unknown>>;
}

/** The last hex digits of an id: enough to name a message again. */
export const shortId = (id: string): string => id.slice(-8);
