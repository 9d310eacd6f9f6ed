import type { Alarm } from "../chaos/device-verbs.ts";
import type { Report } from "../history/event.ts";

/** Bugs that a session can be given, to see that they are found: it drops the word "again", or shows a line twice. */
export const agentBugs = ["drop-mark", "show-twice"] as const;
export type AgentBug = (typeof agentBugs)[number];

/** What a session process is told to do. */
export interface SessionOrders {
  /** which session it is, such as `alice-1` */
  readonly name: string;
  /** the agent's own session id; the one of an earlier run resumes it */
  readonly agentSession: string;
  readonly isResumed: boolean;
  readonly home: string;
  /** for its transcripts and its socket */
  readonly folder: string;
  readonly broker: string;
  /** the other person */
  readonly peer: string;
  /** counts the runs of this session's name */
  readonly run: number;
  readonly seed: number;
  /** messages that it still has to send */
  readonly left: number;
  /** mean pause between two messages */
  readonly gapMs: number;
  /** asks for what waits, too, in every turn */
  readonly isPulling: boolean;
  readonly bug?: AgentBug | undefined;
}

/** What it says on stdout; what it was shown is in its transcript. */
export type SessionSaid = Report | Alarm | { readonly kind: "ready" };
