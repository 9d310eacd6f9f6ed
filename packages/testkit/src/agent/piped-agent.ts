import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import type { AgentProcess, Exit } from "./agent.ts";

export interface StartOptions {
  /** the program and its arguments */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** a folder for what the way of driving needs itself */
  readonly root: string;
}

/** An agent in long-lived print mode: user messages as JSON lines on stdin, events as JSON lines on stdout. */
export class PipedAgent implements AgentProcess {
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcessWithoutNullStreams;
  #written = "";

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.exited = once(child, "close").then(([code, signal]) => ({ code, signal }) as Exit);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#written += text;
      });
    }
    // A process that ended on its own takes no more input; its exit says so.
    child.stdin.on("error", () => undefined);
  }

  static async start(this: void, options: StartOptions): Promise<PipedAgent> {
    const { words, env, cwd } = options;
    const [command = "", ...args] = words;
    const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
    const agent = new PipedAgent(child);
    await once(child, "spawn");
    return agent;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  async say(text: string): Promise<void> {
    const line = { type: "user", message: { role: "user", content: text } };
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  async leave(): Promise<void> {
    this.#child.stdin.end();
  }

  async output(): Promise<string> {
    return this.#written;
  }

  async dispose(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) this.#child.kill("SIGTERM");
    await this.exited;
  }
}
