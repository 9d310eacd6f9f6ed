import type { MessageId } from "@claudemesh/protocol";
import type { AgentState } from "./agent-state.ts";
import type { AgentsContext } from "./agents-context.ts";
import type { HookEvent } from "./hook-event.ts";
import { TranscriptTail } from "./transcript-tail.ts";

/** An idle session that gets something begins a turn at once; one that is silent for so long has not got it. */
const silenceMs = 60_000;
/** What was pushed comes with the next tool call, or begins the next turn: after so many ends of turns it did not come. */
const mostTurns = 2;

/** Looks for what was handed over in the transcripts of agents: only what stands there was seen. */
export class Witness {
  readonly #ctx: AgentsContext;
  readonly #onRefused: (state: AgentState) => void;

  constructor(ctx: AgentsContext, onRefused: (state: AgentState) => void) {
    this.#ctx = ctx;
    this.#onRefused = onRefused;
  }

  /** Looks for what a session was handed, and gives up what its inbox seems to have dropped without a word. */
  look(state: AgentState): void {
    const { handOver } = this.#ctx.device;
    const unseen = handOver.unseen(state.agentSession);
    if (unseen.length === 0) {
      state.pushed.clear();
      state.transcript?.leap();
      return;
    }
    const ids = unseen.map(({ id }) => id);
    const found = (state.transcript?.find(ids) ?? []) as MessageId[];
    if (found.length > 0) handOver.seen(state.agentSession, found);
    for (const id of found) state.pushed.delete(id);
    if (!state.hasHooks || state.transcript === undefined) return;
    const overdue = this.#overdue(state);
    if (overdue.length > 0) this.#dropped(state, overdue);
  }

  /**
   * A hook has spoken. What an idle session gets begins its next turn, unless its person began one in that moment: then it comes within that turn or begins the one
   * after. A later turn that begins with something else shows that it was dropped.
   */
  heard(state: AgentState, { boundary, prompt }: HookEvent): void {
    if (prompt !== undefined) remember(state, prompt);
    const dropped: MessageId[] = [];
    for (const [id, pushed] of state.pushed) {
      pushed.isFollowed = true;
      // The same turn may come to further stops.
      if (boundary === "stop") pushed.turns += 1;
      const isOther = prompt !== undefined && !prompt.includes(id);
      if (pushed.turns > 0 && pushed.wasIdle && isOther) dropped.push(id);
    }
    if (dropped.length > 0) this.#dropped(state, dropped);
  }

  /** The last look, when a session has ended: whether it saw the rest is in doubt. */
  last(agentSession: string, state: AgentState | undefined): void {
    const { handOver } = this.#ctx.device;
    const ids = handOver.unseen(agentSession).map(({ id }) => id);
    if (ids.length === 0) return;
    const path = state?.transcript?.path ?? handOver.transcript(agentSession);
    const tail = path === undefined ? undefined : new TranscriptTail(path);
    const found = new Set((tail?.find(ids, true) ?? []) as MessageId[]);
    handOver.seen(agentSession, [...found]);
    const missed = ids.filter((id) => !found.has(id));
    handOver.doubt(agentSession, missed, "the session ended before it was found in its transcript");
  }

  /** What the session should have shown by now and did not. */
  #overdue(state: AgentState): MessageId[] {
    const now = this.#ctx.now();
    return [...state.pushed]
      .filter(([, { at, turns, isFollowed }]) => {
        return turns >= mostTurns || (!isFollowed && now - at >= silenceMs);
      })
      .map(([id]) => id);
  }

  #dropped(state: AgentState, ids: readonly MessageId[]): void {
    for (const id of ids) state.pushed.delete(id);
    state.isSocketRefused = true;
    this.#onRefused(state);
    const why = "the agent took it and did not show it";
    this.#ctx.device.handOver.doubt(state.agentSession, ids, why);
  }
}

const mostBegun = 200;

/** Keeps which messages a turn began with. */
function remember({ begun }: AgentState, prompt: string): void {
  if (begun.size > mostBegun) begun.clear();
  for (const [id] of prompt.matchAll(/msg_[0-9a-f-]{36}/g)) begun.add(id);
}
