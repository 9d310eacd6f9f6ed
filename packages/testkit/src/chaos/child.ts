import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ChildEvents {
  /** a line of JSON that it printed; a line that its end cut off is left out */
  readonly said: (line: unknown) => void;
  readonly ended: (how: string) => void;
}

/** A Node program that can be killed, paused and stopped. Its stderr is ours. */
export class Child {
  readonly #process: ChildProcess;
  /** settles when it has ended and everything it said was heard */
  readonly over: Promise<void>;
  #isOver = false;

  constructor(file: string, orders: object, { said, ended }: ChildEvents) {
    // In a group of its own, so that Ctrl-C reaches the run alone, which then ends it in order.
    const child = spawn(process.execPath, [file, JSON.stringify(orders)], {
      stdio: ["pipe", "pipe", "inherit"],
      detached: true,
    });
    this.#process = child;
    child.stdin.on("error", () => {});
    createInterface({ input: child.stdout }).on("line", (line) => {
      const value = parseLine(line);
      if (value !== undefined) said(value);
    });
    this.over = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.#isOver = true;
        ended(signal ?? `code ${code}`);
        resolve();
      });
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** kill -9, also of a paused process. */
  kill(): Promise<void> {
    return this.#send("SIGKILL");
  }

  pause(): void {
    this.#process.kill("SIGSTOP");
  }

  resume(): void {
    this.#process.kill("SIGCONT");
  }

  /** Asks it to end, and kills it when it has not after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    const late = setTimeout(() => this.#process.kill("SIGKILL"), graceMs);
    await this.#send("SIGTERM");
    clearTimeout(late);
  }

  #send(signal: NodeJS.Signals): Promise<void> {
    this.#process.kill(signal);
    return this.over;
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
