import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { AgentProcess, Exit } from "./agent.ts";
import { EventLog } from "./event-log.ts";
import type { StartOptions } from "./piped-agent.ts";

/** Why no terminal can be driven here, or false: what `node:test` wants in `skip`. */
export const withoutTerminal = (): string | false =>
  spawnSync("tmux", ["-V"]).status !== 0 && "tmux is not installed";

const launcher = join(import.meta.dirname, "in-terminal-process.ts");

type Tmux = (...args: readonly string[]) => Promise<string>;

/** A tmux server of its own, on a private socket, which reads no one's configuration. */
function privateTmux({ env, cwd, root }: StartOptions): Tmux {
  const file = join(root, "tmux.conf");
  // The screen outlives its program, so that a test that fails can show it.
  writeFileSync(file, "set -g remain-on-exit on\n");
  return async (...args) => {
    const all = ["-f", file, "-S", join(root, "tmux.sock"), ...args];
    const child = spawn("tmux", all, { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
    return (await text(child.stdout)).trimEnd();
  };
}

interface Word {
  readonly pid?: number;
  readonly exit?: Exit;
}

/** An interactive agent in a terminal of its own. */
export class TerminalAgent implements AgentProcess {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  readonly #tmux: Tmux;
  readonly #listener: Server;
  #gone = false;

  private constructor(pid: number, exited: Promise<Exit>, tmux: Tmux, listener: Server) {
    this.pid = pid;
    this.#tmux = tmux;
    this.#listener = listener;
    this.exited = exited.then((exit) => {
      this.#gone = true;
      return exit;
    });
  }

  static async start(this: void, options: StartOptions): Promise<TerminalAgent> {
    const path = join(options.root, "terminal.sock");
    const ended = Promise.withResolvers<Exit>();
    const words = new EventLog<Word>("word of the launcher");
    const listener = createServer((socket) => {
      createInterface({ input: socket }).on("line", (line) => {
        const word = JSON.parse(line) as Word;
        words.add(word);
        if (word.exit !== undefined) ended.resolve(word.exit);
      });
    }).listen(path);
    await once(listener, "listening");
    const tmux = privateTmux(options);
    const size = ["-x", "160", "-y", "50"];
    const program = [process.execPath, launcher, path, ...options.words];
    await tmux("new-session", "-d", ...size, "--", ...program);
    const { pid = 0 } = await words.find((word) => word.pid !== undefined);
    return new TerminalAgent(pid, ended.promise, tmux, listener);
  }

  async say(words: string): Promise<void> {
    await this.#tmux("send-keys", "-l", "--", words);
    await this.#tmux("send-keys", "Enter");
  }

  async leave(): Promise<void> {
    await this.say("/exit");
  }

  /** What the screen shows now. */
  async output(): Promise<string> {
    return await this.#tmux("capture-pane", "-p");
  }

  async dispose(): Promise<void> {
    if (!this.#gone) {
      process.kill(this.pid, "SIGTERM");
      await this.exited;
    }
    await this.#tmux("kill-server");
    this.#listener.close();
  }
}
