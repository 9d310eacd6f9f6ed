import type { Logger } from "../logger.ts";
import type { JobLane, JobRow } from "../store/jobs-port.ts";
import type { Store } from "../store/port.ts";
import type { Timer } from "../timer.ts";

export interface DueLoopOptions {
  readonly lane: JobLane;
  readonly store: Store;
  readonly now: () => number;
  readonly timer: Timer;
  readonly log: Logger;
  /** jobs that are worked on at a time */
  readonly atOnce: number;
  /** Does one job that is due, and moves it on; answers when to look at it again where it is to stay as it is. */
  readonly run: (job: JobRow) => Promise<number | undefined>;
}

/** the longest without a look: another node may have left something, or the machine may have slept */
const lookMs = 30_000;
/** how soon a look is made again while something is due that nobody here can take up yet */
const soonMs = 250;
const leftMs = 1_000;
/** how long the store is left alone after it failed */
const failedMs = 5_000;
/** how long a job that could not be done for no reason of its own waits */
const putOffMs = 60_000;

/** Does what is due in one lane: a timer to the next thing, and one look at the index of what is due when it goes off. */
export class DueLoop {
  readonly #options: DueLoopOptions;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #left = new Map<string, number>();
  #cancel = () => {};
  #armedAt = Number.POSITIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #again = false;
  #isOver = false;

  constructor(options: DueLoopOptions) {
    this.#options = options;
  }

  /** Looks now. */
  look(): void {
    if (this.#isOver) return;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.look();
    });
  }

  /** Something is due then, which may be before what is waited for. */
  wake(dueAt: number): void {
    if (dueAt < this.#armedAt) this.#arm(dueAt);
  }

  /** Begins nothing more, and ends after what goes on. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#cancel();
    await this.#looking;
    await Promise.all(this.#busy.values());
  }

  async #look(): Promise<void> {
    const { atOnce, lane, log, now, store } = this.#options;
    this.#cancel();
    this.#armedAt = Number.POSITIVE_INFINITY;
    try {
      const at = now();
      for (const [id, until] of this.#left) if (until <= at) this.#left.delete(id);
      const limit = atOnce + this.#left.size;
      const due = await store.read.dueJobs({ lane, by: at, limit });
      const fresh = due.filter(({ id }) => !this.#busy.has(id) && !this.#left.has(id));
      for (const job of fresh.slice(0, atOnce - this.#busy.size)) this.#begin(job);
      const next = await store.read.nextDue(lane);
      // What was kept meanwhile has set the timer already, and may not be in what was read.
      if (next === undefined) this.wake(at + lookMs);
      else this.wake(next > at ? next : this.#soon(at));
    } catch (cause) {
      log.error("what is due cannot be read", { lane, cause });
      this.#arm(now() + failedMs);
    }
  }

  /** When to look again while something is due: soon, or less soon where it is left alone for now. */
  #soon(at: number): number {
    const isLeft = this.#busy.size === 0 && this.#left.size > 0;
    return at + (isLeft ? leftMs : soonMs);
  }

  #begin(job: JobRow): void {
    const done = this.#options
      .run(job)
      .then(
        (until) => {
          if (until !== undefined) this.#left.set(job.id, until);
        },
        (cause: unknown) => this.#putOff(job, cause),
      )
      .finally(() => {
        this.#busy.delete(job.id);
        if (this.#busy.size === 0) this.look();
      });
    this.#busy.set(job.id, done);
  }

  async #putOff(job: JobRow, cause: unknown): Promise<void> {
    const { lane, log, now } = this.#options;
    log.error("a job could not be done", { lane, job: job.id, mesh: job.mesh, cause });
    this.#left.set(job.id, now() + putOffMs);
  }

  #arm(at: number): void {
    if (this.#isOver) return;
    const { now, timer } = this.#options;
    this.#cancel();
    this.#armedAt = at;
    const ms = Math.max(0, Math.min(at - now(), lookMs));
    this.#cancel = timer.after(ms, () => this.look());
  }
}
