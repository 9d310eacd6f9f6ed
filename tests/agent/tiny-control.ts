import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { EventLog } from "../../packages/testkit/src/agent/event-log.ts";
import type { HookAnswer } from "./plugin/hook-process.ts";

interface Report {
  readonly started?: { readonly pid: number; readonly env: Record<string, string> };
  readonly received?: {
    readonly method?: string;
    readonly id?: string | number;
    readonly params?: Record<string, unknown>;
  };
  readonly posted?: number;
  readonly ended?: string;
}

export const pluginFolder = join(import.meta.dirname, "plugin");

/** One line of the inbox socket that carries a message. */
export const userLine = (content: string, rest: object = {}) => ({
  type: "user",
  message: { role: "user", content },
  ...rest,
});

/** The test's end of the tiny plugin's line: hears what its server hears, and has it post. */
export class TinyControl implements AsyncDisposable {
  readonly reports = new EventLog<Report>("report of the plugin's server");
  readonly #folder = mkdtempSync(join(tmpdir(), "tiny-"));
  readonly #servers: Socket[] = [];
  readonly #listener: Server;

  constructor() {
    this.#listener = createServer((socket) => {
      this.#servers.push(socket);
      socket.on("error", () => undefined);
      createInterface({ input: socket }).on("line", (line) => {
        this.reports.add(JSON.parse(line) as Report);
      });
    }).listen(join(this.#folder, "c"));
  }

  /** The environment that makes the plugin call here, and what its hooks answer. */
  env(hooks: Readonly<Record<string, HookAnswer>> = {}): Record<string, string> {
    return { TINY_CONTROL: join(this.#folder, "c"), TINY_HOOKS: JSON.stringify(hooks) };
  }

  /** What the n-th started server process was given. */
  async started(n = 1): Promise<NonNullable<Report["started"]>> {
    let seen = 0;
    const report = await this.reports.find((item) => item.started !== undefined && ++seen === n);
    return report.started as NonNullable<Report["started"]>;
  }

  /** Has the first server post lines to the session's inbox, after the token unless told otherwise; settles when they are written. */
  async post(lines: readonly object[], options: { readonly token?: string | false } = {}) {
    const { env } = await this.started();
    const { token = env.CLAUDE_CODE_MESSAGING_TOKEN } = options;
    const auth = token === false ? [] : [{ type: "auth", token }];
    const from = this.reports.items.length;
    this.#say({ post: [...auth, ...lines] });
    await this.reports.find((item) => item.posted !== undefined, from);
  }

  /** Has the first server send a notification to the agent. */
  async notify(method: string, params: object): Promise<void> {
    await this.reports.find((item) => item.received?.method === "tools/list");
    this.#say({ notify: { method, params } });
  }

  /** Settles when the agent has read everything that the first server wrote before: it answers a ping in order. */
  async seenByAgent(): Promise<void> {
    const from = this.reports.items.length;
    this.#say({ notify: { id: `ping-${from}`, method: "ping" } });
    await this.reports.find((item) => item.received?.id === `ping-${from}`);
  }

  #say(order: object): void {
    this.#servers[0]?.write(`${JSON.stringify(order)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#servers) socket.destroy();
    await this.#listener[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
