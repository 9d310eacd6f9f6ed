import type { Priority, SessionId } from "@claudemesh/protocol";
import type { Boundary } from "./boundary.ts";

/** A live agent session as the choice sees it. */
export interface Candidate {
  readonly agentSession: string;
  /** its session in the message's mesh */
  readonly session: SessionId;
  readonly status: "idle" | "working" | "dnd";
  readonly lastSeenAt: number;
  /** whether something can be pushed into it, also when it is idle */
  readonly canPush: boolean;
  /** it hides itself from others */
  readonly isHidden?: boolean;
}

/** What of a message decides who gets it. */
export interface Waiting {
  readonly priority: Priority;
  /** set when it is for one session alone */
  readonly toSession: SessionId | null;
  /** the agent session that last spoke in its thread */
  readonly spoke: string | undefined;
}

/** Why a message waits here, as its sender is told; what a guard keeps back has the guard's reasons. */
export type HeldReason = "recipient_busy" | "dnd" | "no_session";

/** What is next for a waiting message: a push into a session, a reason to wait, or nothing until somebody asks. */
export type Choice =
  | { readonly push: string }
  | { readonly wait: HeldReason }
  | { readonly wait: "asked_for" };

/** Who gets a message next when nobody is at a boundary: of the sessions it may go to, the most recently active idle one that can be pushed to. */
export function chooseSession(message: Waiting, candidates: readonly Candidate[]): Choice {
  if (message.priority === "low") return { wait: "asked_for" };
  const pool = addressed(message, candidates);
  if (pool.length === 0) return { wait: "no_session" };
  const open = message.priority === "now" ? pool : pool.filter(({ status }) => status !== "dnd");
  if (open.length === 0) return { wait: "dnd" };
  const reachable = open.filter(
    ({ canPush, status }) => canPush && (status === "idle" || message.priority === "now"),
  );
  const [best] = reachable.sort(byReadiness);
  return best === undefined ? { wait: "recipient_busy" } : { push: best.agentSession };
}

/** Whether a session that is at this boundary takes a message now. */
export function mayTake(
  message: Waiting,
  at: { readonly agentSession: string; readonly boundary: Boundary },
  candidates: readonly Candidate[],
): boolean {
  const { agentSession, boundary } = at;
  const me = candidates.find((one) => one.agentSession === agentSession);
  if (me === undefined) return false;
  if (message.toSession !== null && message.toSession !== me.session) return false;
  if (boundary === "pull") return true;
  if (message.priority === "low" || (boundary === "between" && message.priority !== "now")) {
    return false;
  }
  if (me.status === "dnd" && message.priority !== "now") return false;
  if (!addressed(message, candidates).includes(me)) return false;
  const choice = chooseSession(message, candidates);
  return !("push" in choice) || choice.push === agentSession;
}

/** The live sessions a message may go to: the one it names, else the one that last spoke in its thread, else all. */
function addressed(message: Waiting, candidates: readonly Candidate[]): readonly Candidate[] {
  const { toSession, spoke } = message;
  if (toSession !== null) return candidates.filter(({ session }) => session === toSession);
  const sticky = candidates.filter(({ agentSession }) => agentSession === spoke);
  return sticky.length > 0 ? sticky : candidates;
}

const readiness = { idle: 0, working: 1, dnd: 2 } as const;

const byReadiness = (a: Candidate, b: Candidate): number =>
  readiness[a.status] - readiness[b.status] || b.lastSeenAt - a.lastSeenAt;
