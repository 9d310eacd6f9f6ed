import type { AnyOp } from "../../op.ts";
import type { nouns } from "../../registry.ts";
import { commandLine } from "../command-line.ts";

/** One loadable part of what an agent is taught: which nouns it lists, and what no declaration says. */
export interface Shard {
  readonly name: string;
  /** when an agent should load it; agents see only this until then */
  readonly description: string;
  readonly nouns: readonly (keyof typeof nouns)[];
  /** the advice above the list of verbs; `call` is how the program is run */
  readonly advice: (call: string) => readonly string[];
}

/** A verb as it is typed, for use in a shard's advice. */
export const typed = (call: string, declared: AnyOp): string => `${call} ${commandLine(declared)}`;
