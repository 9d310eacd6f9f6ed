import type { Host } from "../host.ts";
import type { Globals } from "../runner/globals.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What a verb that is no operation works with. */
export interface LocalContext {
  readonly host: Host;
  readonly globals: Globals;
  readonly terminal: Terminal;
  /** whether the answer is for a program */
  readonly machine: boolean;
  /** what stood after `--`, where the verb passes it on */
  readonly passedOn: readonly string[];
  /** Writes the answer. */
  print(text: string): Promise<void>;
  /** Says something beside the answer; silent with `--quiet` and `--json`. */
  note(text: string): void;
}

/** Runs a local verb; its input was read from the fields that it declares. Answers the exit code where it is not 0; anything else counts as 0. */
export type LocalRun = (
  input: Readonly<Record<string, unknown>>,
  context: LocalContext,
) => Promise<unknown>;
