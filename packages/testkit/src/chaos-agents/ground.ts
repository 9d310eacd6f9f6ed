import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Device } from "@claudemesh/device";
import { MeshError } from "@claudemesh/protocol";
import type { Alarm } from "../chaos/device-verbs.ts";
import type { BrokerOrders } from "../chaos/orders.ts";
import { Target } from "../chaos/target.ts";
import { FaultProxy } from "../faults/fault-proxy.ts";
import type { Seeded } from "../faults/seeded.ts";
import { systemTimer } from "../faults/system-timer.ts";
import { History } from "../history/history.ts";
import { deviceAt } from "./daemon-access.ts";
import type { AgentBug, SessionOrders, SessionSaid } from "./orders.ts";
import { processesOf, signal } from "./processes.ts";
import { personEnv, startDaemonBy } from "./programs.ts";

export const people = ["alice", "bob"] as const;
export type Who = (typeof people)[number];

export interface AgentsGroundOptions {
  readonly random: Seeded;
  /** messages that all sessions together write */
  readonly messages: number;
  readonly gapMs: number;
  readonly bug: AgentBug | undefined;
  readonly progress: (line: string) => void;
}

/** On a machine that has much else to do a daemon may take longer for its first word than verbs wait. */
function notSilent(error: unknown): undefined {
  if (!(error instanceof MeshError) || error.code !== "unavailable") throw error;
}

const brokerProgram = join(import.meta.dirname, "../chaos/broker-process.ts");
const sessionProgram = join(import.meta.dirname, "session-process.ts");

/** A broker behind a proxy that keeps its address, two people with a daemon each, and two agent sessions of each, every one a process of its own. */
export class AgentsGround implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "cm-kill-"));
  readonly history = new History(Date.now);
  readonly alarms: (Alarm & { readonly process: string })[] = [];
  readonly endings = new Map<string, number>();
  readonly options: AgentsGroundOptions;
  readonly broker: Target;
  readonly sessions: readonly Target[];
  /** messages attempted so far */
  attempts = 0;
  readonly #proxy: FaultProxy;
  readonly #port: { now: number };
  readonly #written = new Map<string, number>();
  readonly #ids = new Map<string, string>();
  #progressed = Promise.withResolvers<void>();

  private constructor(options: AgentsGroundOptions, proxy: FaultProxy, port: { now: number }) {
    this.options = options;
    this.#proxy = proxy;
    this.#port = port;
    this.broker = this.#brokerTarget();
    this.sessions = people.flatMap((who) =>
      [1, 2].map((n) => this.sessionTarget(who, `${who}-${n}`, options.messages / 4)),
    );
  }

  /** Starts broker and daemons, and makes a mesh with both people in it; sessions are not running yet. */
  static async start(options: AgentsGroundOptions): Promise<AgentsGround> {
    const port = { now: 0 };
    const proxy = await FaultProxy.start({
      target: () => port.now,
      random: options.random.fork(),
      now: Date.now,
      timer: systemTimer,
    });
    const ground = new AgentsGround(options, proxy, port);
    try {
      await ground.broker.start();
      await ground.#found();
      return ground;
    } catch (error) {
      await ground[Symbol.asyncDispose]();
      throw error;
    }
  }

  home = (who: Who): string => join(this.folder, who);

  env = (who: Who) => personEnv(this.folder, this.home(who), this.#proxy.url);

  get brokerFolder(): string {
    return join(this.folder, "broker");
  }

  get transcripts(): string {
    return join(this.folder, "config", "projects");
  }

  /** A session of a person's, which writes so many messages over all its runs. */
  sessionTarget(who: Who, name: string, messages: number, isPulling = false): Target {
    const { random, gapMs, bug } = this.options;
    return new Target({
      name,
      program: sessionProgram,
      orders: (run): SessionOrders => {
        const known = this.#ids.get(name);
        const isResumed = known !== undefined && random.chance(0.3);
        const agentSession = isResumed ? known : randomUUID();
        this.#ids.set(name, agentSession);
        return {
          ...{ name, agentSession, isResumed, run, gapMs, isPulling, bug },
          ...{ home: this.home(who), folder: this.folder, broker: this.#proxy.url },
          peer: who === "alice" ? "bob" : "alice",
          seed: random.below(2 ** 32),
          left: Math.ceil(messages) - (this.#written.get(name) ?? 0),
        };
      },
      said: (process, line) => this.#take(process, line as SessionSaid),
      ended: (process, how) => {
        this.history.ended(process);
        this.ended("session", process, how);
      },
    });
  }

  /** Settles when so many messages were attempted. */
  async hasAttempted(count: number): Promise<void> {
    while (this.attempts < count) await this.#progressed.promise;
  }

  /** A person's device, its daemon started where none runs. */
  async device(who: Who): Promise<Device> {
    for (let tries = 0; tries < 5; tries++) {
      const device = await deviceAt(this.home(who), this.folder, `${who}-watch`).catch(notSilent);
      if (device !== undefined) return device;
      await startDaemonBy(this.env(who));
    }
    throw new Error(`the daemon of ${who} does not stay up`);
  }

  daemonOf(who: Who): number[] {
    return processesOf(this.folder)
      .filter(({ kind, command }) => kind === "daemon" && command.includes(this.home(who)))
      .map(({ pid }) => pid);
  }

  ended(kind: string, process: string, how: string): void {
    const ending = `${kind}: ${how}`;
    this.endings.set(ending, (this.endings.get(ending) ?? 0) + 1);
    if (["SIGKILL", "SIGTERM", "code 0"].includes(how)) return;
    this.#take(process, { kind: "alarm", code: "crashed", text: `it ended with ${how}` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const target of [...this.sessions, this.broker]) {
      if (target.isRunning) await target.child.kill();
    }
    await this.#proxy[Symbol.asyncDispose]();
    for (const { pid } of processesOf(this.folder)) signal(pid, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }

  #take(process: string, said: SessionSaid): void {
    if (said.kind === "ready") return;
    if (said.kind === "alarm") {
      this.alarms.push({ process, ...said });
      this.options.progress(`alarm at ${process}: ${said.code}: ${said.text}`);
      return;
    }
    this.history.record(process, said);
    if (said.kind !== "attempt") return;
    const name = process.slice(0, process.indexOf("#"));
    this.#written.set(name, (this.#written.get(name) ?? 0) + 1);
    this.attempts += 1;
    this.#progressed.resolve();
    this.#progressed = Promise.withResolvers();
  }

  async #found(): Promise<void> {
    for (const who of people) mkdirSync(this.home(who), { mode: 0o700 });
    await using alice = await this.device("alice");
    await alice.api.mesh.create({ name: "Kill", displayName: "alice" });
    const { link } = await alice.api.invite.create({});
    await using bob = await this.device("bob");
    await bob.api.invite.claim({ invite: link, name: "bob" });
  }

  #brokerTarget(): Target {
    return new Target({
      name: "broker",
      program: brokerProgram,
      orders: (_, failpoint): BrokerOrders => ({
        folder: this.brokerFolder,
        publicUrl: this.#proxy.url,
        failpoint,
      }),
      said: (_, line) => {
        this.#port.now = (line as { port: number }).port;
      },
      ended: (process, how) => this.ended("broker", process, how),
    });
  }
}
