import type { Delivery } from "@claudemesh/device";
import type { PipeDone } from "@claudemesh/local-link";
import type { AgentState } from "./agent-state.ts";
import type { AgentsContext } from "./agents-context.ts";
import type { Pipe, Pipes } from "./pipes.ts";
import { PushPace } from "./push-pace.ts";
import type { Registry } from "./registry.ts";

/** Text in one push; an agent's inbox takes far more in a line, its reader does not. */
const mostChars = 30_000;
/** How long a pipe may take to say what became of a delivery. */
const patienceMs = 10_000;

/** What the deliveries that are no messages are called. */
const asideLead = "aside-";

/** What became of a text: pushed, to be tried again, or nobody to push it to. */
export type Aside = "later" | "pushed" | "unreachable";

interface UnderWay {
  readonly delivery: Delivery;
  readonly pipe: Pipe;
  readonly state: AgentState;
  readonly cancel: () => void;
}

/** Pushes into sessions through their pipes: by the session's inbox socket, else by a channel where the person opted in. */
export class Pushes {
  readonly #ctx: AgentsContext;
  readonly #registry: Registry;
  readonly #pipes: Pipes;
  readonly #pace: PushPace;
  readonly #aside: (state: AgentState) => string | undefined;
  readonly #underWay = new Map<string, UnderWay>();
  #asides = 0;

  /** `aside` answers what a session without hooks is told beside its messages. */
  constructor(
    ctx: AgentsContext,
    {
      aside,
      pipes,
      registry,
    }: {
      readonly aside: (state: AgentState) => string | undefined;
      readonly pipes: Pipes;
      readonly registry: Registry;
    },
  ) {
    this.#ctx = ctx;
    this.#aside = aside;
    this.#registry = registry;
    this.#pipes = pipes;
    this.#pace = new PushPace(ctx.now);
  }

  /** Says anew whether a session can be pushed to. */
  reach(state: AgentState): void {
    this.#ctx.device.handOver.setReach(state.agentSession, this.#wayTo(state) !== undefined);
  }

  /** Pushes to every session for which something is due. */
  async all(): Promise<void> {
    for (const { agentSession, boundary } of this.#ctx.device.handOver.due()) {
      const state = this.#registry.get(agentSession);
      const way = state && this.#wayTo(state);
      if (state === undefined || way === undefined || state.isPushing) continue;
      if (!this.#pace.take(agentSession)) continue;
      state.isPushing = true;
      const options = { agentSession, boundary, way: way.name, maxChars: mostChars };
      const delivery = await this.#ctx.device.handOver.take(options).catch((error) => {
        state.isPushing = false;
        throw error;
      });
      if (delivery === undefined) state.isPushing = false;
      else this.#push(state, way.pipe, delivery);
    }
  }

  /** Pushes a text that is no message, and that nobody has to have seen. */
  aside(agentSession: string, text: string): Aside {
    const state = this.#registry.get(agentSession);
    const way = state && this.#wayTo(state);
    if (way === undefined) return "unreachable";
    if (!this.#pace.take(agentSession)) return "later";
    this.#asides += 1;
    const delivery = `${asideLead}${this.#asides}`;
    way.pipe.send({ type: "deliver", delivery, way: way.name, text, meta: {} });
    return "pushed";
  }

  /** A pipe says what became of a delivery. */
  done({ delivery: id, ok, error }: PipeDone): void {
    if (id.startsWith(asideLead)) return;
    const underWay = this.#take(id);
    // Its word counts also after the pipe, or the daemon before this one, was given up.
    if (ok) this.#ctx.device.handOver.confirm(id);
    if (underWay === undefined || ok) return;
    const { delivery, state } = underWay;
    this.#ctx.log("info", "a push was refused", {
      session: state.agentSession,
      way: delivery.way,
      error,
    });
    if (delivery.way === "inbox_socket") state.isSocketRefused = true;
    this.reach(state);
    this.#ctx.device.handOver.release(id, false);
  }

  /** A pipe has ended: what was on its way is in doubt. */
  lost(pipe: Pipe): void {
    for (const [id, underWay] of this.#underWay) {
      if (underWay.pipe !== pipe) continue;
      this.#take(id);
      this.#ctx.device.handOver.release(id, true);
    }
  }

  forget(agentSession: string): void {
    this.#pace.forget(agentSession);
  }

  #wayTo(state: AgentState): { name: "inbox_socket" | "channel"; pipe: Pipe } | undefined {
    const pipe = this.#pipes.of(state.pid);
    if (pipe === undefined) return undefined;
    const { inboxSocket, channel } = pipe.body.can;
    if (inboxSocket && !state.isSocketRefused) return { name: "inbox_socket", pipe };
    return channel ? { name: "channel", pipe } : undefined;
  }

  #push(state: AgentState, pipe: Pipe, delivery: Delivery): void {
    const cancel = this.#ctx.timer(patienceMs, () => {
      if (this.#take(delivery.id) === undefined) return;
      this.#ctx.device.handOver.release(delivery.id, true);
    });
    this.#underWay.set(delivery.id, { delivery, pipe, state, cancel });
    const aside = state.hasHooks ? undefined : this.#aside(state);
    pipe.send({
      type: "deliver",
      delivery: delivery.id,
      way: delivery.way,
      text: aside === undefined ? delivery.text : `${delivery.text}\n\n${aside}`,
      meta: { from: delivery.senders.join(", "), messages: delivery.messages.join(",") },
    });
  }

  #take(id: string): UnderWay | undefined {
    const underWay = this.#underWay.get(id);
    if (underWay === undefined) return undefined;
    this.#underWay.delete(id);
    underWay.cancel();
    underWay.state.isPushing = false;
    return underWay;
  }
}
