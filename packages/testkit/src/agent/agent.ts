import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { AgentHome } from "./agent-home.ts";
import { type AgentKind, commandLine, program } from "./command-line.ts";
import { PipedAgent } from "./piped-agent.ts";
import type { Scenario } from "./scenario.ts";
import type { ScriptedModel } from "./stage/scripted-model.ts";
import { type HookEvent, Stage } from "./stage/stage.ts";
import { TerminalAgent } from "./terminal-agent.ts";

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One running agent program, whichever way it is driven. */
export interface AgentProcess {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Types a message as the person would. */
  say(text: string): Promise<void>;
  /** Asks it to end as a person would. */
  leave(): Promise<void>;
  /** Whatever it wrote, for the message of a test that fails. */
  output(): Promise<string>;
  dispose(): Promise<void>;
}

/** An agent on its stage, in its private home. Ends with the scope. */
export class Agent implements AsyncDisposable {
  readonly kind: AgentKind;
  readonly session: string;
  readonly stage: Stage;
  readonly home: AgentHome;
  readonly process: AgentProcess;

  private constructor(parts: Pick<Agent, "kind" | "session" | "stage" | "home" | "process">) {
    this.kind = parts.kind;
    this.session = parts.session;
    this.stage = parts.stage;
    this.home = parts.home;
    this.process = parts.process;
  }

  /** Starts it and types the scenario's prompt, if it has one. */
  static async start(kind: AgentKind, scenario: Scenario): Promise<Agent> {
    if (kind === "real" && scenario.fake !== undefined) {
      throw new Error("this scenario sets switches that only the fake has");
    }
    const session = randomUUID();
    const stage = await Stage.open(scenario.turns);
    const home = new AgentHome();
    const env = {
      ...home.environment(stage.url, scenario.permissionMode),
      ...(scenario.fake?.channels ? { FAKE_CLAUDE_CHANNELS: "open" } : {}),
      ...(scenario.fake?.doubleSpawn ? { FAKE_CLAUDE_DOUBLE_SPAWN: "1" } : {}),
      ...scenario.env,
    };
    const words = [...program(kind), ...commandLine(scenario, stage, home, session)];
    const start = scenario.mode === "terminal" ? TerminalAgent.start : PipedAgent.start;
    const running = await start({ words, env, cwd: home.project, root: home.root });
    const agent = new Agent({ kind, session, stage, home, process: running });
    if (scenario.mode === "terminal") await agent.hook("SessionStart");
    if (scenario.prompt !== undefined) await running.say(scenario.prompt);
    return agent;
  }

  get model(): ScriptedModel {
    return this.stage.model;
  }

  get pid(): number {
    return this.process.pid;
  }

  get transcriptPath(): string {
    return this.home.transcript(this.session);
  }

  /** The transcript's lines so far, parsed. */
  transcript(): readonly Record<string, unknown>[] {
    const lines = readFileSync(this.transcriptPath, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Settles with the n-th hook event of that name, counted from 1. */
  async hook(name: string, n = 1): Promise<HookEvent> {
    let seen = 0;
    const fits = (event: HookEvent) => event.hook_event_name === name && ++seen === n;
    return await this.#whileAlive(this.stage.hooks.find(fits));
  }

  /** Fails at once when the agent ends before what is waited for. */
  async #whileAlive<T>(wait: Promise<T>): Promise<T> {
    const gone = this.process.exited.then((exit) => {
      throw new Error(`it ended too early: ${JSON.stringify(exit)}`);
    });
    return await Promise.race([wait, gone]);
  }

  /** Settles when the script's turns are answered and the agent has stopped after the last. Throws when it asked for more turns than the script has. */
  async finished(): Promise<void> {
    const { model, hooks } = this.stage;
    await this.#whileAlive(model.answered.count(model.turns));
    const last = model.answered.items[model.turns - 1]?.say;
    const stopped = (event: HookEvent) =>
      event.hook_event_name === "Stop" && event.last_assistant_message === last;
    await this.#whileAlive(hooks.find(stopped));
    if (model.requests.items.length > model.turns) {
      const extra = JSON.stringify(model.requests.items[model.turns]?.body.messages.at(-1));
      throw new Error(`the agent went on after the script's last turn, with ${extra}`);
    }
  }

  /** Ends it as a person would; settles when the process is gone. */
  async leave(): Promise<Exit> {
    await this.process.leave();
    return await this.process.exited;
  }

  /** Sends a signal and waits for the end of the process. */
  async kill(signal: NodeJS.Signals): Promise<Exit> {
    process.kill(this.pid, signal);
    return await this.process.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.dispose();
    await this.stage[Symbol.asyncDispose]();
    this.home[Symbol.dispose]();
  }
}
