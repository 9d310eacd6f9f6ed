import { type Seeded, seeded } from "../faults/seeded.ts";
import { Trace } from "./trace.ts";

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => unknown;
  cancelled: boolean;
}

/** The wall clock's reading at virtual time 0, ms since the Unix epoch. */
const dayZero = 1_800_000_000_000;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Virtual time, and the order of everything that happens in it: one event at a time, each followed until nothing moves any more. */
export class World {
  readonly trace = new Trace();
  readonly #random: Seeded;
  readonly #heap: Due[] = [];
  #order = 0;
  /** ms since the beginning; not whole */
  now = 0;
  events = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** A stream of randomness of its own; the order of these calls is part of the course. */
  fork(): Seeded {
    return this.#random.fork();
  }

  /** What a clock shows that is `offsetMs` ahead. */
  wallClock(offsetMs = 0): number {
    return Math.floor(dayZero + this.now + offsetMs);
  }

  note(line: string): void {
    this.trace.add(`${this.now.toFixed(3)} ${line}`);
  }

  /** Runs `fn` at `ms` from now. */
  after(ms: number, fn: () => unknown): () => void {
    return this.at(this.now + Math.max(0, ms), fn);
  }

  /** The same for a moment. */
  at(at: number, run: () => unknown): () => void {
    const due: Due = { at, order: ++this.#order, run, cancelled: false };
    push(this.#heap, due);
    return () => {
      due.cancelled = true;
    };
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Lets virtual time pass until `work` settles. Answers false when it did not within `limitMs`, or when nothing is left that could settle it. */
  async passUntil(work: Promise<unknown>, limitMs: number): Promise<boolean> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    work.then(done, done);
    const deadline = this.now + limitMs;
    await settle();
    while (!settled) {
      const next = pop(this.#heap);
      if (next === undefined) return false;
      if (next.cancelled) continue;
      if (next.at > deadline) {
        push(this.#heap, next);
        this.now = deadline;
        return false;
      }
      this.now = Math.max(this.now, next.at);
      this.events += 1;
      next.run();
      await settle();
    }
    return true;
  }

  /** Forgets everything that was still to happen. */
  end(): void {
    this.#heap.length = 0;
  }
}

/** Two turns of the event loop: what an event sets off may hand its work to the end of the turn, as the store's writer does. */
async function settle(): Promise<void> {
  await turn();
  await turn();
}

const before = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Due[], due: Due): void {
  let at = heap.length;
  heap.push(due);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Due;
    if (before(above, due)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = due;
}

function pop(heap: Due[]): Due | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    const right = heap[child + 1];
    if (right !== undefined && before(right, heap[child] as Due)) child += 1;
    const smaller = heap[child] as Due;
    if (before(last, smaller)) break;
    heap[at] = smaller;
    at = child;
  }
  heap[at] = last;
  return first;
}
