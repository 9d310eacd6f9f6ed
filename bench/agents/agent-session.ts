import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import type { BenchHome } from "./home.ts";

/** An agent session as an agent runs one: the push-pipe as its child, and an inbox socket that reads what is posted into the session. */
export class AgentSession {
  readonly #waiting: { readonly text: string; readonly seen: () => void }[] = [];
  readonly #end: () => Promise<void>;

  private constructor(home: BenchHome, name: string, ready: () => void) {
    const path = `${home.folder}/${name}.sock`;
    const server = createServer((socket) => {
      createInterface({ input: socket }).on("line", (line) => this.#take(line));
      // The pipe looks whether somebody listens before it tells the daemon of the session.
      ready();
    });
    const listening = new Promise<void>((resolve) => server.listen(path, resolve));
    const pipe = spawn(process.execPath, [home.program, "mcp"], {
      env: {
        ...home.env,
        CLAUDE_CODE_SESSION_ID: name,
        CLAUDE_CODE_MESSAGING_SOCKET: path,
        CLAUDE_CODE_MESSAGING_TOKEN: "bench",
      },
      stdio: ["pipe", "ignore", "inherit"],
    });
    const gone = new Promise<void>((resolve) => pipe.once("close", () => resolve()));
    void listening.then(() => pipe.stdin.write(`${JSON.stringify(initialize)}\n`));
    this.#end = async () => {
      pipe.stdin.end();
      await gone;
      server.close();
      rmSync(path, { force: true });
    };
  }

  /** Starts one; settles when its push-pipe has found the session's inbox. */
  static start(home: BenchHome, name: string): Promise<AgentSession> {
    return new Promise((resolve) => {
      const session: AgentSession = new AgentSession(home, name, () => resolve(session));
    });
  }

  /** Settles when a post with this text is in the session's process. */
  gets(text: string): Promise<void> {
    return new Promise((seen) => this.#waiting.push({ text, seen }));
  }

  end(): Promise<void> {
    return this.#end();
  }

  #take(line: string): void {
    const at = this.#waiting.findIndex(({ text }) => line.includes(text));
    if (at >= 0) this.#waiting.splice(at, 1)[0]?.seen();
  }
}

const initialize = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "claude-code", version: "2.1.329" },
  },
};
