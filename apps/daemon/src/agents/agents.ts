import type { HookBody, PipeBody, PipeDone } from "@claudemesh/local-link";
import type { StreamSink } from "../server/stream-sink.ts";
import type { AgentState } from "./agent-state.ts";
import type { AgentsContext } from "./agents-context.ts";
import { Asides, joined } from "./asides.ts";
import { HookCalls } from "./hook-calls.ts";
import { type HookEvent, hookEvent, hookOutput } from "./hook-event.ts";
import { type Pipe, Pipes } from "./pipes.ts";
import { Pushes } from "./pushes.ts";
import { Registry } from "./registry.ts";
import { StreamPushes } from "./stream-pushes.ts";
import { Witness } from "./witness.ts";

/** Hooks take 10,000 characters of context at the most. */
const mostHookChars = 9_900;
/** What is told beside a message or a tool's answer. */
const mostAsideChars = 9_900;
/** A status that does not change is written down again after so long, so that it stays fresh. */
const freshMs = 15_000;
/** A line now and then shows a pipe whose other end is gone. */
const pingMs = 20_000;
/** How long nothing is looked at when nothing happens. */
const lookMs = 1_000;

/** The daemon's side of the last metre: registers agent sessions, hands messages to them at their boundaries, and pushes to those that are idle. */
export class Agents {
  readonly #ctx: AgentsContext;
  readonly #registry: Registry;
  readonly #pipes = new Pipes();
  readonly #pushes: Pushes;
  readonly #asides: Asides;
  readonly #streams: StreamPushes;
  readonly #calls: HookCalls;
  readonly #witness: Witness;

  constructor(ctx: AgentsContext) {
    this.#ctx = ctx;
    this.#registry = new Registry(ctx);
    this.#pushes = new Pushes(ctx, {
      aside: (state) => this.#asides.next(state, mostAsideChars),
      pipes: this.#pipes,
      registry: this.#registry,
    });
    this.#asides = new Asides(ctx, {
      get: (agentSession) => this.#registry.get(agentSession),
      push: (agentSession, text) => this.#pushes.aside(agentSession, text),
    });
    this.#streams = new StreamPushes({
      timer: ctx.timer,
      push: (agentSession, text) => this.#pushes.aside(agentSession, text),
    });
    this.#calls = new HookCalls(ctx);
    this.#witness = new Witness(ctx, (state) => this.#pushes.reach(state));
  }

  /** Hands over what waits as long as the daemon runs. */
  async run(): Promise<void> {
    const { device, stopping, log } = this.#ctx;
    const { handOver } = device;
    const unlisten = device.listen((event) => {
      if (event.type === "session_ended") this.#ended(event.agentSession);
      if (event.type === "skills_changed") this.#tellSkills(this.#pipes.all());
      if (event.type === "stream_item") this.#streams.put(event.agentSession, event.text);
      this.#asides.hear(event, this.#registry.all());
    });
    const keeping = device.sessions.keep();
    try {
      while (!stopping.aborted) {
        const seen = handOver.changes();
        try {
          for (const state of this.#registry.all()) {
            this.#witness.look(state);
            this.#lookForInterruption(state);
          }
          for (const gone of handOver.orphans()) this.#witness.last(gone, undefined);
          await this.#pushes.all();
          handOver.tellHeld();
        } catch (error) {
          log("warn", "what waits could not be handed over", { cause: String(error) });
        }
        if (handOver.changes() === seen && !stopping.aborted) await handOver.wait(lookMs);
      }
    } finally {
      unlisten();
      keeping.stop();
      for (const pipe of this.#pipes.all()) pipe.end();
    }
  }

  /** Takes in what an agent's hook says; answers what the hook prints, which may be nothing. */
  async hook(body: HookBody): Promise<string> {
    const event = hookEvent(body);
    const pid = Number(body.env.CLAUDE_PID ?? body.parent);
    if (!Number.isSafeInteger(pid) || pid < 1) return "";
    if (event.ended !== undefined) {
      this.#end(event, pid);
      return "";
    }
    const state = this.#registry.heard({
      agentSession: event.agentSession,
      agent: body.agent,
      pid,
      cwd: event.cwd,
      model: event.model,
      mesh: body.env.CLAUDEMESH_MESH,
      transcript: event.transcript,
      news: body.env.CLAUDEMESH_NEWS,
    });
    // What began without this daemon was told of its meshes then.
    if (!state.hasHooks && event.boundary !== "start") this.#asides.knows(state);
    state.hasHooks = true;
    if (event.name === "PostToolBatch") state.hasBatches = true;
    this.#pushes.reach(state);
    this.#witness.look(state);
    this.#witness.heard(state, event);
    const context = await this.#context(state, event, body.call);
    if (context === undefined && event.status !== undefined) this.#tell(state, event.status);
    else if (context !== undefined) this.#tell(state, event.isStart ? "idle" : "working");
    return context === undefined ? "" : hookOutput(event.name, context);
  }

  /** The hook has printed what it was answered. */
  hookDone(call: string): void {
    this.#calls.done(call);
  }

  /** Keeps a push-pipe until either side ends it. */
  pipe(body: PipeBody, sink: StreamSink): void {
    const pipe: Pipe = {
      body,
      send: (line) => sink.write(`${JSON.stringify(line)}\n`),
      end: () => sink.end(),
    };
    this.#pipes.add(pipe);
    const state = this.#registry.piped({
      ...body,
      model: body.model,
      mesh: body.mesh,
      transcript: body.transcript,
      news: body.news,
    });
    this.#pushes.reach(state);
    let cancel = () => {};
    const ping = () => {
      pipe.send({ type: "ping" });
      cancel = this.#ctx.timer(pingMs, ping);
    };
    ping();
    this.#tellSkills([pipe]);
    sink.onClose(() => {
      cancel();
      this.#pipes.remove(pipe);
      this.#pushes.lost(pipe);
      const current = this.#registry.ofProcess(body.pid);
      if (current !== undefined) this.#pushes.reach(current);
    });
  }

  /** Says how many skills there are; who cannot be told now hears of the next change. */
  #tellSkills(pipes: readonly Pipe[]): void {
    if (pipes.length === 0) return;
    this.#ctx.device.api.skill.list({}).then(
      ({ items }) => {
        for (const pipe of pipes) pipe.send({ type: "skills", count: items.length });
      },
      (error) => this.#ctx.log("info", "skills are not known yet", { cause: String(error) }),
    );
  }

  pipeDone(done: PipeDone): void {
    this.#pushes.done(done);
  }

  /** What a session is told beside the answer of a tool; nothing where its hooks tell it. */
  news(agentSession: string): string {
    const state = this.#registry.get(agentSession);
    if (state === undefined || state.hasHooks) return "";
    return this.#asides.next(state, mostAsideChars) ?? "";
  }

  /** What the session gets at this boundary: messages that wait, and what it is told beside them, which begins no turn. */
  async #context(state: AgentState, event: HookEvent, call: string): Promise<string | undefined> {
    const { boundary, name } = event;
    if (boundary === undefined || (name === "PostToolUse" && state.hasBatches)) return undefined;
    // What the last turns brought to light comes first: what was not seen is offered again here.
    this.#witness.look(state);
    const { agentSession } = state;
    const options = { agentSession, boundary, way: "hook", maxChars: mostHookChars } as const;
    const delivery = await this.#ctx.device.handOver.take(options);
    if (delivery !== undefined) this.#calls.expect(call, delivery.id);
    const waiting = delivery?.text;
    if (boundary === "stop" && waiting === undefined) return undefined;
    const room = mostHookChars - (waiting?.length ?? 0) - 2;
    const isStart = boundary === "start";
    const aside = isStart ? this.#asides.atStart(state, room) : this.#asides.next(state, room);
    return joined(isStart ? [aside, waiting] : [waiting, aside]);
  }

  /** Whoever stops the agent in a turn ends it without a hook: the session is idle then, and what waits may be pushed. */
  #lookForInterruption(state: AgentState): void {
    const { sessions } = this.#ctx.device;
    const { agentSession, interruption } = state;
    if (interruption === undefined || state.isIdle) return;
    if (sessions.get(agentSession)?.status !== "working" || !interruption.look()) return;
    state.isIdle = true;
    state.isNews("idle", this.#ctx.now(), freshMs);
    sessions.update(agentSession, { status: "idle", source: "jsonl" });
  }

  #tell({ agentSession }: AgentState, status: "idle" | "working"): void {
    const state = this.#registry.get(agentSession);
    if (state !== undefined) state.isIdle = status === "idle";
    if (state?.isNews(status, this.#ctx.now(), freshMs) !== true) return;
    this.#ctx.device.sessions.update(agentSession, { status, source: "hook" });
  }

  #end({ agentSession, ended, transcript }: HookEvent, pid: number): void {
    const known = this.#registry.get(agentSession);
    if (known !== undefined && known.pid !== pid) return;
    known?.follow(transcript);
    this.#ctx.device.sessions.end(agentSession, `the agent ended it: ${ended}`);
  }

  /** A session is over: what it has not seen goes to the next one. */
  #ended(agentSession: string): void {
    const state = this.#registry.forget(agentSession);
    this.#pushes.forget(agentSession);
    this.#streams.forget(agentSession);
    this.#asides.forget(agentSession);
    this.#ctx.device.handOver.setReach(agentSession, false);
    this.#witness.last(agentSession, state);
  }
}
