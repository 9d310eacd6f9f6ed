import type { MessageId } from "@claudemesh/protocol";
import { TranscriptTail } from "./transcript-tail.ts";

/** What was pushed into a session and has not been seen in its transcript. */
interface Pushed {
  readonly at: number;
  /** the session was idle, so that a turn begins with it */
  readonly wasIdle: boolean;
  /** turns that have ended since */
  turns: number;
  /** hooks have spoken since */
  isFollowed: boolean;
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
  /** a delivery is on its way through the pipe */
  isPushing = false;
  readonly pushed = new Map<MessageId, Pushed>();
  /** messages with which its turns began: that can be heard before the push is known to be through */
  readonly begun = new Set<string>();
  #told: { readonly status: string; readonly at: number } | undefined;

  constructor(agentSession: string, pid: number) {
    this.agentSession = agentSession;
    this.pid = pid;
  }

  /** Answers whether the path is news. */
  follow(path: string | undefined): boolean {
    if (path === undefined || path === this.transcript?.path) return false;
    this.transcript = new TranscriptTail(path);
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
