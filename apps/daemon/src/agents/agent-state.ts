import type { MeshId, MessageId } from "@claudemesh/protocol";
import { InterruptionWatch } from "./interrupted.ts";
import type { NewsWish } from "./news-wish.ts";
import { TranscriptTail } from "./transcript-tail.ts";

/** What was pushed into a session and has not been seen in its transcript. */
interface Pushed {
  /** when the session's side said that it has it; undefined where it never did */
  readonly takenAt: number | undefined;
  readonly since: number;
  /** a turn has begun since and is not over */
  isInTurn: boolean;
  /** turns that have begun and ended since */
  turns: number;
}

/** What this daemon knows of one agent session beside what the device stores: it is gone with the daemon, and the next hook or pipe brings it back. */
export class AgentState {
  readonly agentSession: string;
  readonly pid: number;
  /** hooks have spoken for it, so that its boundaries are known */
  hasHooks = false;
  /** it has an event per batch of tool calls, so that one per call is not needed */
  hasBatches = false;
  /** its inbox socket did not take a message, or lost one */
  isSocketRefused = false;
  transcript: TranscriptTail | undefined;
  interruption: InterruptionWatch | undefined;
  /** what its environment says that it is told of; undefined where that says nothing */
  news: NewsWish | undefined;
  /** meshes of which it was told what their admins ask, and what they share */
  readonly hinted = new Set<MeshId>();
  readonly greeted = new Set<MeshId>();
  /** a delivery is on its way through the pipe */
  isPushing = false;
  readonly pushed = new Map<MessageId, Pushed>();
  /** what the last hook meant, and when it spoke; unknown until then */
  isIdle = false;
  heardAt = 0;
  #told: { readonly status: string; readonly at: number } | undefined;

  constructor(agentSession: string, pid: number) {
    this.agentSession = agentSession;
    this.pid = pid;
  }

  /** Answers whether the path is news. */
  follow(path: string | undefined): boolean {
    if (path === undefined || path === this.transcript?.path) return false;
    this.transcript = new TranscriptTail(path);
    this.interruption = new InterruptionWatch(path);
    return true;
  }

  /** Whether this status has to be written down: it is another one, or the last word is old. */
  isNews(status: string, now: number, everyMs: number): boolean {
    const told = this.#told;
    if (told?.status === status && now - told.at < everyMs) return false;
    this.#told = { status, at: now };
    return true;
  }
}
