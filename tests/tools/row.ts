import type { Person } from "../last-metre/support/person.ts";

/** Two people in one mesh, each with a daemon; the tools are alice's agent's. */
export interface Scene {
  readonly alice: Person;
  readonly bob: Person;
  /** the id of alice's agent session */
  readonly agentSession: string;
}

// biome-ignore lint/suspicious/noExplicitAny: each row knows what its tool answers
type Structured = any;

/** How one tool is called with success. */
export interface ToolRow {
  /** An input that is good in every field; makes ready what it speaks of. Fields given here are tried with wrong values besides. */
  readonly good: (scene: Scene) => unknown;
  /** What must hold of the answer, besides its schema: the structured one, and the text. */
  readonly expect?: (answer: Structured, scene: Scene, text: string) => void | Promise<void>;
}

export type ToolRows = Readonly<Record<string, ToolRow>>;
