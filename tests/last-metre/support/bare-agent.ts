import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type ClientRequest, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { localHost, postRaw } from "@claudemesh/local-link/raw";
import type { Person } from "./person.ts";

export interface Deliver {
  readonly type: "deliver";
  readonly delivery: string;
  readonly way: string;
  readonly text: string;
}

const postMs = 60_000;

/** An agent session of which only the ends at the daemon are there: a live process, hooks and a pipe in the test's own hands. */
export class BareAgent implements AsyncDisposable {
  readonly agentSession = randomUUID();
  readonly #person: Person;
  readonly #process: ChildProcess;
  readonly #env: Readonly<Record<string, string>>;
  #calls = 0;

  /** `env` is what its environment says to claudemesh: by default that it is told of nothing but messages, once it has started. */
  constructor(person: Person, env: Readonly<Record<string, string>> = { CLAUDEMESH_NEWS: "none" }) {
    this.#person = person;
    this.#env = env;
    this.#process = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
      stdio: ["pipe", "ignore", "ignore"],
    });
  }

  get socketPath(): string {
    return join(this.#person.home, "daemon.sock");
  }

  /** Has a hook speak; answers what it would print, and its name for `printed`. */
  async hook(name: string, more: object = {}): Promise<{ text: string; call: string }> {
    this.#calls += 1;
    const call = `${this.agentSession}-${this.#calls}`;
    const hook = { session_id: this.agentSession, hook_event_name: name, cwd: "/", ...more };
    const env = { ...this.#env, CLAUDE_PID: String(this.#process.pid) };
    const body = { hook, env, agent: "claude-code", call, parent: 1 };
    return { text: await postRaw(this.socketPath, "/v1/agent/hook", body, postMs), call };
  }

  /** The hook says that it has printed its answer. */
  async printed(call: string): Promise<void> {
    await postRaw(this.socketPath, "/v1/agent/hook/done", { call }, postMs);
  }

  /** Opens a pipe that can push; `pid` is the parent that its process sees. */
  async pipe(
    can = { inboxSocket: true, channel: false },
    pid = this.#process.pid ?? 0,
  ): Promise<BarePipe> {
    const body = {
      agentSession: this.agentSession,
      agent: "claude-code",
      pid,
      cwd: "/",
      can,
      ...(this.#env.CLAUDEMESH_NEWS === undefined ? {} : { news: this.#env.CLAUDEMESH_NEWS }),
    };
    return BarePipe.open(this.socketPath, body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }
}

/** One connection of a push-pipe, answered by the test. */
export class BarePipe {
  readonly #socketPath: string;
  readonly #asked: ClientRequest;
  readonly #lines: Deliver[] = [];
  #arrived = Promise.withResolvers<void>();

  private constructor(socketPath: string, asked: ClientRequest) {
    this.#socketPath = socketPath;
    this.#asked = asked;
  }

  static async open(socketPath: string, body: object): Promise<BarePipe> {
    const asked = request({
      socketPath,
      path: "/v1/agent/pipe",
      method: "POST",
      agent: false,
      headers: { host: localHost, "content-type": "application/json" },
    });
    asked.end(JSON.stringify(body));
    const [answer] = await once(asked, "response");
    const pipe = new BarePipe(socketPath, asked);
    asked.on("error", () => {});
    answer.on("error", () => {});
    const ended = () => pipe.#arrived.reject(new Error("the pipe has ended"));
    pipe.#arrived.promise.catch(() => {});
    asked.on("close", ended);
    const lines = createInterface({ input: answer });
    lines.on("error", ended);
    lines.on("line", (line) => {
      const read = JSON.parse(line) as Deliver | { type: "ping" };
      if (read.type !== "deliver") return;
      pipe.#lines.push(read);
      pipe.#arrived.resolve();
    });
    return pipe;
  }

  /** The next delivery. */
  async next(): Promise<Deliver> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return line;
      await this.#arrived.promise;
      this.#arrived = Promise.withResolvers<void>();
      this.#arrived.promise.catch(() => {});
    }
  }

  /** Deliveries that came and were not asked for. */
  get waiting(): number {
    return this.#lines.length;
  }

  async done(delivery: string, ok: boolean): Promise<void> {
    const body = { delivery, ok, ...(ok ? {} : { error: "refused" }) };
    await postRaw(this.#socketPath, "/v1/agent/pipe/done", body, postMs);
  }

  /** Breaks off without a word. */
  cut(): void {
    this.#asked.destroy();
  }
}
