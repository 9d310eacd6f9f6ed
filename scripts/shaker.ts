import { readdirSync, readFileSync } from "node:fs";
import { SeededNumbers } from "../packages/testkit/src/seeded-numbers.ts";

/** The name in the environment by which a run's processes are known; those that were given another environment are known by their parents. */
const mark = "SHAKEN_BY";

export interface Shaking {
  /** for the draws: whom and for how long */
  readonly seed: number;
  /** how long between one stop and the next, ms; each lasts 20 ms to 3 s, most of them under 400 ms */
  readonly everyMs: number;
}

/**
 * Stops processes that this process and its descendants started, one after the other at random, and lets each go on
 * after a moment, as a loaded machine does; never more than about a quarter of them at a time. A process that is stopped already is let alone. Linux only: it reads /proc.
 */
export class Shaker {
  stops = 0;
  readonly #draws: SeededNumbers;
  readonly #timer: NodeJS.Timeout;
  readonly #held = new Map<number, NodeJS.Timeout>();
  /** the run's processes as they were last seen, by id: a daemon outlives the verb that started it */
  #ours = new Map<number, Process>();

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
    const all = this.#look();
    // What stands still most of the time is not slow but dead.
    if (this.#held.size * 4 > all.length) return;
    const pids = all.filter((pid) => !this.#held.has(pid));
    const pid = pids[this.#draws.next(Math.max(1, pids.length))];
    const ms = this.#draws.next(8) === 0 ? this.#draws.next(3_000) : 20 + this.#draws.next(400);
    if (pid === undefined || !signalled(pid, "SIGSTOP")) return;
    this.stops++;
    this.#held.set(
      pid,
      setTimeout(() => this.#letGo(pid), ms),
    );
  }

  /** Finds the run's processes, and answers those that can be stopped. */
  #look(): readonly number[] {
    const all = processes();
    const found = new Map<number, Process>();
    const others = new Set([process.pid]);
    const isOurs = (one: Process): boolean => {
      if (found.has(one.pid) || others.has(one.pid)) return found.has(one.pid);
      const parent = all.get(one.parent);
      const is =
        this.#ours.get(one.pid)?.start === one.start ||
        read(`/proc/${one.pid}/environ`).includes(`${mark}=${process.pid}\0`) ||
        (parent !== undefined && isOurs(parent));
      if (is) found.set(one.pid, one);
      else others.add(one.pid);
      return is;
    };
    for (const one of all.values()) isOurs(one);
    this.#ours = found;
    return [...found.values()].filter(({ state }) => !"TtZX".includes(state)).map(({ pid }) => pid);
  }

  #letGo(pid: number): void {
    clearTimeout(this.#held.get(pid));
    this.#held.delete(pid);
    signalled(pid, "SIGCONT");
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** one letter: T is stopped, Z ended */
  readonly state: string;
  /** when it began, which tells it from a later one with its id */
  readonly start: string;
}

/** Every process of the machine, by id. */
function processes(): Map<number, Process> {
  const all = new Map<number, Process>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const pid = Number(name);
    const stat = read(`/proc/${pid}/stat`);
    // The program's name comes first, in brackets, and may hold any character.
    const [state = "", parent, ...others] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state !== "") all.set(pid, { pid, parent: Number(parent), state, start: others[17] ?? "" });
  }
  return all;
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
