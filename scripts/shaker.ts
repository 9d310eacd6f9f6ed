import { readdirSync, readFileSync } from "node:fs";
import { SeededNumbers } from "../packages/testkit/src/seeded-numbers.ts";

/** The name in the environment by which a run's processes are known, also those that outlive their parents. */
const mark = "SHAKEN_BY";

export interface Shaking {
  /** for the draws: whom and for how long */
  readonly seed: number;
  /** how long between one stop and the next, ms; each lasts 20 ms to 3 s, most of them under 400 ms */
  readonly everyMs: number;
}

/**
 * Stops processes that this process and its descendants started, one after the other at random, and lets each go on
 * after a moment, as a loaded machine does. A process that is stopped already is let alone. Linux only: it reads /proc.
 */
export class Shaker {
  stops = 0;
  readonly #draws: SeededNumbers;
  readonly #timer: NodeJS.Timeout;
  readonly #held = new Map<number, NodeJS.Timeout>();

  constructor({ seed, everyMs }: Shaking) {
    process.env[mark] = String(process.pid);
    this.#draws = new SeededNumbers(seed);
    this.#timer = setInterval(() => this.#stopOne(), everyMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const pid of this.#held.keys()) this.#letGo(pid);
  }

  #stopOne(): void {
    const pids = markedProcesses().filter((pid) => !this.#held.has(pid));
    const pid = pids[this.#draws.next(Math.max(1, pids.length))];
    const ms = this.#draws.next(8) === 0 ? this.#draws.next(3_000) : 20 + this.#draws.next(400);
    if (pid === undefined || !signalled(pid, "SIGSTOP")) return;
    this.stops++;
    this.#held.set(
      pid,
      setTimeout(() => this.#letGo(pid), ms),
    );
  }

  #letGo(pid: number): void {
    clearTimeout(this.#held.get(pid));
    this.#held.delete(pid);
    signalled(pid, "SIGCONT");
  }
}

/** Running processes with this run's mark in their environment. */
function markedProcesses(): number[] {
  const wanted = `${mark}=${process.pid}\0`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/environ`).includes(wanted))
    .filter((pid) => !/^State:\t[TtZX]/m.test(read(`/proc/${pid}/status`)))
    .map(Number);
}

/** A process may end at any moment, or belong to somebody else. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
