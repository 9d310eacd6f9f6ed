import type { DeviceEvent } from "@claudemesh/device";
import { isNews } from "@claudemesh/device";
import type { MeshId } from "@claudemesh/protocol";
import type { AgentState } from "./agent-state.ts";
import type { AgentsContext } from "./agents-context.ts";
import { News } from "./news.ts";
import { homeNewsWish, type NewsWish } from "./news-wish.ts";
import type { Aside } from "./pushes.ts";

/** How long the home's file is taken for what it said. */
const fileMs = 1_000;

interface AsidesParts {
  readonly get: (agentSession: string) => AgentState | undefined;
  readonly push: (agentSession: string, text: string) => Aside;
}

/** What agent sessions are told that is no message: of the meshes that they find themselves in, and of what happens there. */
export class Asides {
  readonly #ctx: AgentsContext;
  readonly #news: News;
  #file: { readonly wish: NewsWish; readonly at: number } | undefined;

  constructor(ctx: AgentsContext, { get, push }: AsidesParts) {
    this.#ctx = ctx;
    const { sessions } = ctx.device;
    this.#news = new News({
      timer: ctx.timer,
      meshes: (agentSession) => this.#meshes(agentSession),
      wish: (agentSession) => this.#wish(get(agentSession)),
      say: (mesh, events) => ctx.device.news(mesh, events),
      push: (agentSession, text) =>
        sessions.get(agentSession)?.status === "dnd" ? "unreachable" : push(agentSession, text),
    });
  }

  /** Something happened in this device. */
  hear(event: DeviceEvent, sessions: readonly AgentState[]): void {
    if (!isNews(event)) return;
    for (const { agentSession } of sessions) this.#news.put(agentSession, event);
  }

  forget(agentSession: string): void {
    this.#news.forget(agentSession);
  }

  /** What a session that starts is told of all its meshes; what happened in them before is part of that. */
  atStart(state: AgentState, mostChars: number): string | undefined {
    state.greeted.clear();
    state.hinted.clear();
    this.#news.forget(state.agentSession);
    return this.#greeting(state, mostChars);
  }

  /** What a session that runs is told now: of a mesh that it was told nothing of, and of what happened. */
  next(state: AgentState, mostChars: number): string | undefined {
    // Who wishes to hear of nothing was told what it needs when it started.
    if (this.#wish(state).kinds.size === 0) return undefined;
    const greeting = this.#greeting(state, mostChars);
    const room = mostChars - (greeting?.length ?? 0) - 2;
    const news = this.#news.take(state.agentSession, room);
    return joined([greeting, news]);
  }

  /** Takes a session for one that was told of this home's meshes when it started, by a daemon before this one. */
  knows(state: AgentState): void {
    for (const { id: mesh } of this.#ctx.device.standing()) {
      state.hinted.add(mesh);
      state.greeted.add(mesh);
    }
  }

  /** Of each mesh that it was told nothing of, as long as there is room; the others come next time. */
  #greeting(state: AgentState, mostChars: number): string | undefined {
    const { device, online } = this.#ctx;
    const meshes = this.#meshes(state.agentSession).filter((mesh) => !state.greeted.has(mesh));
    if (meshes.length === 0) return undefined;
    const standing = device.standing();
    let text: string | undefined;
    for (const mesh of meshes) {
      const hint = standing.find(({ id }) => id === mesh)?.hint;
      const shared = device.inherited(mesh, online(mesh));
      const longer = joined([text, state.hinted.has(mesh) ? undefined : hint, shared || undefined]);
      if ((longer?.length ?? 0) > mostChars) continue;
      text = longer;
      state.hinted.add(mesh);
      // What is not known yet comes later.
      if (shared !== undefined) state.greeted.add(mesh);
    }
    return text;
  }

  #meshes(agentSession: string): MeshId[] {
    return this.#ctx.device.sessions.get(agentSession)?.meshes.map(({ mesh }) => mesh) ?? [];
  }

  #wish(state: AgentState | undefined): NewsWish {
    if (state?.news !== undefined) return state.news;
    const now = this.#ctx.now();
    if (this.#file === undefined || now - this.#file.at >= fileMs) {
      this.#file = { wish: homeNewsWish(this.#ctx.home), at: now };
    }
    return this.#file.wish;
  }
}

/** Paragraphs, of which some are missing. */
export function joined(parts: readonly (string | undefined)[]): string | undefined {
  const all = parts.filter((part) => part !== undefined);
  return all.length === 0 ? undefined : all.join("\n\n");
}
