import type { MeshId } from "@claudemesh/protocol";
import { AgentState } from "./agent-state.ts";
import type { AgentsContext } from "./agents-context.ts";
import { newsWish } from "./news-wish.ts";
import { repoTag } from "./repo-tag.ts";

/** What is told of a session that speaks. */
export interface Introduction {
  readonly agentSession: string;
  readonly agent: string;
  readonly pid: number;
  readonly cwd: string | undefined;
  readonly model: string | undefined;
  /** the mesh to be in, by slug or id; all of the home's without it */
  readonly mesh: string | undefined;
  readonly transcript: string | undefined;
  /** what its environment says that it is to be told of */
  readonly news: string | undefined;
}

/**
 * The agent sessions that have spoken to this daemon, by their own id and by the process that runs them. A process runs one session at a time: hooks name the one that is
 * current, while a pipe may still have the one that its process began with.
 */
export class Registry {
  readonly #ctx: AgentsContext;
  readonly #states = new Map<string, AgentState>();
  readonly #current = new Map<number, string>();

  constructor(ctx: AgentsContext) {
    this.#ctx = ctx;
  }

  get(agentSession: string): AgentState | undefined {
    return this.#states.get(agentSession);
  }

  /** The session that a process runs now. */
  ofProcess(pid: number): AgentState | undefined {
    const current = this.#current.get(pid);
    return current === undefined ? undefined : this.#states.get(current);
  }

  all(): AgentState[] {
    return [...this.#states.values()];
  }

  /** A hook has spoken: its session is the one that its process runs; another one of that process has ended with it. */
  heard(who: Introduction): AgentState {
    const before = this.#current.get(who.pid);
    if (before !== undefined && before !== who.agentSession) {
      this.#ctx.device.sessions.end(before, "its process runs another session");
    }
    return this.#register(who);
  }

  /** A pipe has spoken: where hooks have named the session of its process, that one counts. */
  piped(who: Introduction): AgentState {
    const known = this.ofProcess(who.pid);
    if (known?.hasHooks) return known;
    return this.#register(who);
  }

  /** Forgets a session that has ended; answers what was known of it. */
  forget(agentSession: string): AgentState | undefined {
    const state = this.#states.get(agentSession);
    if (state === undefined) return undefined;
    this.#states.delete(agentSession);
    if (this.#current.get(state.pid) === agentSession) this.#current.delete(state.pid);
    return state;
  }

  #register(who: Introduction): AgentState {
    const { device } = this.#ctx;
    const { agentSession, pid } = who;
    const known = this.#states.get(agentSession);
    const isSame = known?.pid === pid && device.sessions.get(agentSession) !== undefined;
    const state = isSame ? known : new AgentState(agentSession, pid);
    if (!isSame) {
      this.#states.set(agentSession, state);
      this.#current.set(pid, agentSession);
      const tag = who.cwd === undefined ? undefined : repoTag(who.cwd);
      device.sessions.start({
        agentSession,
        agent: who.agent,
        pid,
        cwd: who.cwd ?? "/",
        host: this.#ctx.hostName,
        ...(who.model === undefined ? {} : { model: who.model }),
        ...(tag === undefined ? {} : { tags: [tag] }),
        ...(who.mesh === undefined ? {} : { meshes: this.#meshes(who.mesh) }),
      });
    }
    state.news = newsWish(who.news) ?? state.news;
    const path = who.transcript ?? device.handOver.transcript(agentSession);
    if (state.follow(path) && path !== undefined) device.handOver.follow(agentSession, path);
    return state;
  }

  /** The one mesh that the person chose for a session; none where this home is not in it. */
  #meshes(wanted: string): MeshId[] {
    return this.#ctx.device
      .standing()
      .filter(({ id, slug }) => id === wanted || slug === wanted)
      .map(({ id }) => id);
  }
}
