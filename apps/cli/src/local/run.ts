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
  /** Writes the answer. */
  print(text: string): Promise<void>;
  /** Says something beside the answer; silent with `--quiet` and `--json`. */
  note(text: string): void;
}

/** Runs a local verb; its input was read from the fields that it declares. */
export type LocalRun = (
  input: Readonly<Record<string, unknown>>,
  context: LocalContext,
) => Promise<void>;
