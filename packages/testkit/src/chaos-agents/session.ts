import type { Identity } from "../agent/fake/identity.ts";
import { InboxGate } from "../agent/fake/inbox-gate.ts";
import { InboxSocket } from "../agent/fake/inbox-socket.ts";
import { Queue } from "../agent/fake/queue.ts";
import type { Seeded } from "../faults/seeded.ts";
import { runHook } from "./hook-run.ts";
import type { SessionOrders } from "./orders.ts";
import { PipeChild } from "./pipe-child.ts";
import { asked, idsIn, Transcript } from "./transcript.ts";
import type { Writer } from "./writer.ts";

export interface SessionParts {
  readonly orders: SessionOrders;
  readonly identity: Identity;
  readonly random: Seeded;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly isStopping: () => boolean;
  readonly writer: Writer;
  readonly toAnswer: string[];
}

/** Texts that a session could still answer. */
const mostToAnswer = 20;
/** Mean pause of the person at the keyboard. */
const promptMs = 1_500;

/**
 * An agent session without a model: the inbox socket and queue of the fake, the real push-pipe and hooks, and turns with tool boundaries in which it is shown what came.
 * Where it has been shown something is its transcript.
 */
export class BareSession {
  readonly #parts: SessionParts;
  readonly #queue = new Queue();
  readonly #transcript: Transcript;
  #inbox: InboxSocket | undefined;
  #pipe: PipeChild | undefined;
  #isEnding = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { identity, orders, now } = parts;
    this.#transcript = new Transcript(identity.transcript, orders.bug, now);
  }

  /** Opens the inbox, starts the push-pipe and fires SessionStart. */
  async open(): Promise<void> {
    const { identity, orders } = this.#parts;
    const gate = new InboxGate({
      now: () => performance.now(),
      queued: () => this.#queue.peers,
      permissionMode: identity.permissionMode,
      inbound: undefined,
    });
    const deliver = (item: Parameters<Queue["push"]>[0]) => this.#queue.push(item);
    this.#inbox = await InboxSocket.open({ identity, gate, deliver, log: () => undefined });
    this.#startPipe();
    await this.#hook("SessionStart", { source: orders.isResumed ? "resume" : "startup" });
  }

  /** Takes turns until it is to stop. */
  async run(): Promise<void> {
    const { isStopping, random, pause } = this.#parts;
    while (!isStopping()) {
      // The person writes now and then; the queue wakes the session before.
      const typing = pause(random.between(promptMs / 2, promptMs * 2)).then(() => {
        if (this.#queue.peers === 0) {
          this.#queue.push({ origin: "human", text: "go on", priority: "next" });
        }
      });
      const batch = await this.#queue.next();
      if (batch !== undefined) await this.#turn(batch.map(({ text }) => text).join("\n"));
      await typing;
    }
  }

  /** Ends as the agent does: no more inbox, the last hook, then its child. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#inbox?.close();
    await this.#hook("SessionEnd", { reason: "other" });
    await this.#pipe?.end();
  }

  async #turn(said: string): Promise<void> {
    const { random, orders } = this.#parts;
    const context = await this.#ask("UserPromptSubmit", { prompt: said });
    this.#show("user", said);
    if (context !== undefined) this.#show("attachment", context);
    if (orders.isPulling || random.chance(0.15)) await this.#pull();
    for (let rounds = random.below(3); rounds > 0; rounds--) await this.#toolRound();
    for (let stops = 0; stops < 4; stops++) {
      const more = await this.#ask("Stop", { stop_hook_active: stops > 0 });
      if (more === undefined) return;
      this.#show("attachment", more);
    }
  }

  async #toolRound(): Promise<void> {
    this.#show("user", "a tool's result");
    const beside = await this.#ask("PostToolBatch", {});
    if (beside !== undefined) this.#show("attachment", beside);
    for (const { text } of this.#queue.takeMidTurn()) {
      const more = await this.#ask("UserPromptSubmit", { prompt: text });
      this.#show("attachment", text);
      if (more !== undefined) this.#show("attachment", more);
    }
  }

  /** Asks for what waits, as a tool does. */
  async #pull(): Promise<void> {
    try {
      const device = await this.#parts.writer.device(true);
      if (device === undefined) return;
      const { items } = await device.api.message.inbox({ limit: 20 });
      if (items.length > 0) this.#show("user", items.map(asked).join("\n"));
      await device.confirmHandOver();
    } catch {
      // The daemon was killed: what was not confirmed is offered again.
      await this.#parts.writer.close();
    }
  }

  async #hook(name: string, more: object): Promise<void> {
    const context = await this.#ask(name, more);
    if (context !== undefined) this.#show("attachment", context);
  }

  #ask(name: string, more: object): Promise<string | undefined> {
    const { identity, random, orders } = this.#parts;
    const isKilled = random.chance(orders.bug === "drop-mark" ? 0.7 : 0.03);
    return runHook(identity, name, more, isKilled);
  }

  #show(type: "user" | "attachment", text: string): void {
    this.#transcript.show(type, text);
    const { toAnswer } = this.#parts;
    toAnswer.push(...idsIn(text));
    toAnswer.splice(0, toAnswer.length - mostToAnswer);
  }

  #startPipe(): void {
    const { identity, random, pause, isStopping } = this.#parts;
    this.#pipe = new PipeChild(identity, () => {
      if (this.#isEnding || isStopping()) return;
      // Some people connect it again, others go on with hooks alone.
      if (random.chance(0.7)) void pause(random.between(0, 500)).then(() => this.#again());
    });
  }

  #again(): void {
    if (!this.#isEnding) this.#startPipe();
  }
}
