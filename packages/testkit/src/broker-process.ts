import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { steadyPort } from "./steady-port.ts";

const main = join(import.meta.dirname, "../../../apps/broker/src/main.ts");
const generous = "1000000/1000000";

export interface BrokerProcessOptions {
  readonly folder: string;
  /** a free one unless given */
  readonly port?: number;
  readonly publicUrl?: string;
  readonly logLevel?: "debug" | "warn" | "silent";
  /** variables besides this process's own */
  readonly env?: Readonly<Record<string, string>>;
  /** settings besides those that make it generous */
  readonly flags?: readonly string[];
  /** a program with its arguments to run the broker under, such as a tracer */
  readonly under?: readonly string[];
}

/** The broker's real program as a process of its own, without rate limits in the way; killed at the end of the scope. */
export class BrokerProcess implements AsyncDisposable {
  readonly url: string;
  /** what it wrote to standard error: its log */
  readonly lines: readonly string[];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(child: ChildProcess, url: string, lines: readonly string[]) {
    this.#child = child;
    this.#ended = once(child, "close");
    this.url = url;
    this.lines = lines;
  }

  /** Starts it and waits until it listens. Throws with its log when it ends before. */
  static async start(options: BrokerProcessOptions): Promise<BrokerProcess> {
    const { folder, port = await steadyPort(), publicUrl, logLevel = "warn", under = [] } = options;
    const { env = {}, flags = [] } = options;
    const rates = ["join", "message", "read", "receipt", "write"].map((name) => `--rate-${name}`);
    const command = [
      ...under,
      ...[process.execPath, main, "--port", String(port), "--data", folder],
      ...["--log-level", logLevel, "--connections-per-member", "1000"],
      ...["--anonymous-per-address", "1000"],
      ...rates.flatMap((name) => [name, generous]),
      ...(publicUrl === undefined ? [] : ["--public-url", publicUrl]),
      ...flags,
    ];
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
    const ended = once(child, "close").then(() => {
      throw new Error(`the broker ended before it was ready: ${lines.join("\n")}`);
    });
    const ready = once(createInterface({ input: child.stdout }), "line");
    const [line] = (await Promise.race([ready, ended])) as [string];
    ended.catch(() => undefined);
    const { url } = JSON.parse(line) as { url: string };
    return new BrokerProcess(child, url, lines);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Ends it as a power cut would: SIGKILL, no chance to do anything. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** Ends it as an operator would; settles when it has left, with its exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    await this.#ended;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill();
  }
}
