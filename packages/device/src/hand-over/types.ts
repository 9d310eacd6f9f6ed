import type { MessageId } from "@claudemesh/protocol";
import type { Boundary, Way } from "./boundary.ts";

/** What goes into an agent session in one go. It counts as handed over once it is confirmed. */
export interface Delivery {
  readonly id: string;
  readonly agentSession: string;
  readonly way: Way;
  /** framed, as the agent sees it */
  readonly text: string;
  readonly messages: readonly MessageId[];
  /** whose messages they are, each once, as this home shows them */
  readonly senders: readonly string[];
}

export interface TakeOptions {
  readonly agentSession: string;
  readonly boundary: Boundary;
  readonly way: Way;
  /** most characters of the text */
  readonly maxChars: number;
}

/** A message that a session was handed, for whoever looks for it in the transcript. */
export interface Unseen {
  readonly id: MessageId;
  readonly way: string | undefined;
  /** undefined where nobody said whether it got there: it may wait in the agent's own queue */
  readonly handedAt: number | undefined;
}

/** Decides which agent session gets which message, and when; keeps the one mark that all ways and the inbox share. */
export interface HandOver {
  /** Says whether something can be pushed into a session; it cannot until this was said. */
  setReach(agentSession: string, canPush: boolean): void;
  /** Takes what this session may have at this boundary, coalesced; undefined when that is nothing. Whoever takes confirms or releases. */
  take(options: TakeOptions): Promise<Delivery | undefined>;
  /** The bytes were taken by the agent's side: it counts, and the senders are told. Answers how many messages. */
  confirm(delivery: string): number;
  /** It did not get there. In doubt it is offered again with the word "again". Answers how many messages. */
  release(delivery: string, inDoubt: boolean): number;
  /** What this session was handed and has not been found in its transcript. */
  unseen(agentSession: string): readonly Unseen[];
  /** These were found in the transcript: the senders are told `in_context`. Answers how many that was news of. */
  seen(agentSession: string, ids: readonly MessageId[]): number;
  /** Whether the session saw these is in doubt, for this reason: they wait again, marked so. Answers how many. */
  doubt(agentSession: string, ids: readonly MessageId[], why: string): number;
  /** Ended sessions that were handed something of which nobody knows yet whether they saw it. */
  orphans(): readonly string[];
  /** Where a session's transcript lies, as far as it was told. */
  transcript(agentSession: string): string | undefined;
  /** Keeps where a session's transcript lies. */
  follow(agentSession: string, path: string): void;
  /** Sessions for which something waits that can be pushed to them now, with the boundary at which they take it. */
  due(): readonly { readonly agentSession: string; readonly boundary: Boundary }[];
  /** Tells the senders of what waits now why it waits, once per reason. */
  tellHeld(): void;
  /** Grows with every change in this process; whoever has seen this count has missed nothing. */
  changes(): number;
  /** Settles when something may have changed, or after `ms`. */
  wait(ms: number): Promise<void>;
}
