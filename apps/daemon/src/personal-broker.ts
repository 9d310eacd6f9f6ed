import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { MeshError, parse } from "@claudemesh/protocol";
import { z } from "zod";
import type { Timer } from "./daemon-context.ts";
import type { DaemonLog } from "./log/rotating-log.ts";

/** Starts a broker as a child that says its URL in one line of JSON and ends when its standard input does. */
export type StartBroker = (settings: {
  readonly port: number;
  readonly dataDir: string;
}) => ChildProcess;

/** Where none can be started. */
export const noBroker: StartBroker = () => {
  throw new MeshError("unavailable", "this daemon starts no broker");
};

export interface PersonalBrokerParts {
  readonly home: string;
  readonly start: StartBroker;
  readonly timer: Timer;
  readonly log: DaemonLog;
}

const Note = z.strictObject({ v: z.literal(1), port: z.int().min(1).max(65_535) });
const Ready = z.object({ url: z.url() });

const firstPauseMs = 500;
const longestPauseMs = 30_000;
const endMs = 5_000;
const soonMs = 5_000;

/**
 * The broker of a person's own meshes, on this machine alone. It runs beside the daemon as a process of its own, since what holds the keys serves nobody
 * else; it begins and ends with the daemon, and is started again when it ends by itself.
 */
export class PersonalBroker {
  readonly #parts: PersonalBrokerParts;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #url: Promise<string> | undefined;
  #pauseMs = firstPauseMs;
  #cancelRetry = () => {};
  #isStopped = false;

  constructor(parts: PersonalBrokerParts) {
    this.#parts = parts;
    this.#folder = join(parts.home, "personal");
  }

  /** Starts it where this home has made one; settles when it listens, when it cannot, or soon in any case. */
  async resume(): Promise<void> {
    const port = this.#port();
    if (port === undefined) return;
    const late = Promise.withResolvers<void>();
    const cancel = this.#parts.timer(soonMs, late.resolve);
    await Promise.race([late.promise, this.#begin(port).catch(() => {})]);
    cancel();
  }

  /** Its URL once it listens; made on first need. Throws `unavailable` when it cannot be started. */
  url(): Promise<string> {
    return this.#url ?? this.#begin(this.#port() ?? 0);
  }

  /** Ends it; what it acknowledged is stored. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRetry();
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, "exit");
    const cancel = this.#parts.timer(endMs, () => child.kill("SIGKILL"));
    child.stdin?.end();
    await gone;
    cancel();
  }

  #begin(port: number): Promise<string> {
    this.#url = this.#start(port);
    this.#url.catch((error: unknown) => {
      this.#parts.log("warn", "the personal broker does not run", { cause: String(error) });
    });
    return this.#url;
  }

  async #start(port: number): Promise<string> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const child = this.#parts.start({ port, dataDir: this.#folder });
    this.#child = child;
    const ended = new Promise<never>((_, reject) => {
      const end = () => {
        this.#url = undefined;
        this.#retry();
        reject(new MeshError("unavailable", "the broker of this home's own meshes has ended"));
      };
      child.once("error", end);
      child.once("exit", end);
    });
    ended.catch(() => {});
    const url = await Promise.race([this.#said(child), ended]);
    this.#pauseMs = firstPauseMs;
    this.#keep(Number(new URL(url).port));
    this.#parts.log("info", "the personal broker runs", { url });
    return url;
  }

  async #said(child: ChildProcess): Promise<string> {
    if (child.stdout === null) throw new MeshError("internal", "the broker has no output");
    for await (const line of createInterface(child.stdout)) {
      return parse(Ready, JSON.parse(line), "broker").url;
    }
    throw new MeshError("unavailable", "the broker said nothing");
  }

  #retry(): void {
    if (this.#isStopped) return;
    const pause = this.#pauseMs;
    this.#pauseMs = Math.min(pause * 2, longestPauseMs);
    this.#cancelRetry = this.#parts.timer(pause, () => {
      if (!this.#isStopped && this.#url === undefined) void this.resume();
    });
  }

  /** The port of the first start: members remember their broker by its URL. */
  #port(): number | undefined {
    let text: string;
    try {
      text = readFileSync(this.#note, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    try {
      return parse(Note, JSON.parse(text), this.#note).port;
    } catch (cause) {
      throw new MeshError("home_damaged", `${this.#note} cannot be read whole`, { cause });
    }
  }

  #keep(port: number): void {
    if (this.#port() === port) return;
    const draft = `${this.#note}.new`;
    writeFileSync(draft, `${JSON.stringify({ v: 1, port })}\n`, { mode: 0o600, flush: true });
    renameSync(draft, this.#note);
  }

  get #note(): string {
    return join(this.#folder, "broker.json");
  }
}
