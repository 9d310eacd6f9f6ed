import type { Unseen } from "@claudemesh/device";
import type { MessageId } from "@claudemesh/protocol";
import type { AgentState } from "./agent-state.ts";
import type { AgentsContext } from "./agents-context.ts";
import type { HookEvent } from "./hook-event.ts";
import { TranscriptTail } from "./transcript-tail.ts";

/** An idle session that gets something begins a turn at once; one that is silent for so long has not got it. */
const silenceMs = 60_000;
/**
 * What was pushed comes with the next tool call, or begins the next turn. Before it in the agent's queue stands what its person typed earlier: beside the turn that ran when it
 * came, one that began in that moment and one typed meanwhile.
 */
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
    const found = new Set((state.transcript?.find(ids) ?? []) as MessageId[]);
    if (found.size > 0) handOver.seen(state.agentSession, [...found]);
    this.#expect(
      state,
      unseen.filter(({ id }) => !found.has(id)),
    );
    if (!state.hasHooks || state.transcript === undefined) return;
    const overdue = this.#overdue(state);
    if (overdue.length > 0) this.#dropped(state, overdue);
  }

  /**
   * A hook has spoken. Only turns that began after a push are counted: of the one that was running a daemon that has just begun, or missed a hook, may not know. One more that
   * begins with something else shows that it was dropped.
   */
  heard(state: AgentState, { boundary, prompt }: HookEvent): void {
    state.heardAt = this.#ctx.now();
    const dropped: MessageId[] = [];
    for (const [id, pushed] of state.pushed) {
      if (boundary === "stop" && pushed.isInTurn) {
        pushed.isInTurn = false;
        pushed.turns += 1;
      } else if (boundary === "prompt") {
        const isOther = prompt !== undefined && !prompt.includes(id);
        if (pushed.turns >= mostTurns && isOther) dropped.push(id);
        pushed.isInTurn = true;
      }
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

  /** Keeps in mind what was pushed and is not seen, and nothing else. */
  #expect({ pushed }: AgentState, unseen: readonly Unseen[]): void {
    const known = new Map(pushed);
    pushed.clear();
    for (const { id, way, handedAt: takenAt } of unseen) {
      if (way !== "inbox_socket" && way !== "channel") continue;
      const before = known.get(id);
      const isSame = before !== undefined && before.takenAt === takenAt;
      const anew = { takenAt, since: this.#ctx.now(), isInTurn: false, turns: 0 };
      pushed.set(id, isSame ? before : anew);
    }
  }

  /** What the session should have shown by now and did not: it is idle, and would have begun a turn with it. */
  #overdue({ heardAt, isIdle, pushed }: AgentState): MessageId[] {
    if (!isIdle) return [];
    const before = this.#ctx.now() - silenceMs;
    return [...pushed]
      .filter(([, { since }]) => Math.max(since, heardAt) <= before)
      .map(([id]) => id);
  }

  #dropped(state: AgentState, ids: readonly MessageId[]): void {
    const isTaken = ids.some((id) => state.pushed.get(id)?.takenAt !== undefined);
    for (const id of ids) state.pushed.delete(id);
    if (isTaken) {
      state.isSocketRefused = true;
      this.#onRefused(state);
    }
    const why = "the agent took it and did not show it";
    this.#ctx.device.handOver.doubt(state.agentSession, ids, why);
  }
}
