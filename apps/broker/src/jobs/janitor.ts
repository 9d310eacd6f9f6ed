import { limits } from "@claudemesh/protocol";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { Store } from "../store/port.ts";
import type { Timer } from "../timer.ts";

export interface JanitorOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly timer: Timer;
  readonly everyMs: number;
  readonly idempotencyTtlMs: number;
  /** takes away old rows of the audit chains; answers how many */
  readonly pruneAudit: () => Promise<number>;
  /** takes away files past their time and what broken uploads left; answers how many */
  readonly sweepFiles: () => Promise<number>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** rows that one write deletes, so that messages are not held up behind it */
const batch = 200;
/** how long what an ended invite opens is kept for joiners whose answer was lost */
const welcomeKeptMs = 7 * 24 * 3_600_000;
/** how long a key bundle waits for the roster entry that begins its key */
const offeredKeptMs = 3_600_000;
/** how long an API key's command may be asked again by its idempotency key */
const answerKeptMs = 7 * 24 * 3_600_000;
/** how long it is known that shared data was deleted: devices that were away longer read it anew */
const goneKeptMs = 90 * 24 * 3_600_000;
/** how long a session is known after its attestation: longer than a message to it waits */
const sessionKeptMs = limits.directTtlMs + 24 * 3_600_000;

/** Deletes what is past its time, again and again. */
export class Janitor {
  readonly #options: JanitorOptions;
  readonly #stopTimer: () => void;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: JanitorOptions) {
    this.#options = options;
    this.#stopTimer = options.timer.every(options.everyMs, () => void this.run());
  }

  /** One round; while one goes on, the same one. Failures are logged and counted. */
  run(): Promise<void> {
    this.#running ??= this.#round().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Ends after the write that goes on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopTimer();
    await this.#running;
  }

  async #round(): Promise<void> {
    const { idempotencyTtlMs, log, metrics, now, store } = this.#options;
    try {
      const expired = await this.#repeat(() => store.write.expire({ now: now(), limit: batch }));
      const before = now() - idempotencyTtlMs;
      const forgotten = await this.#repeat(() => store.write.forgetKeys({ before, limit: batch }));
      const silent = now() - sessionKeptMs;
      const sessions = await this.#repeat(() =>
        store.write.forgetSessions({ before: silent, limit: batch }),
      );
      const records = await this.#repeat(() =>
        store.write.forgetRecords({ before: now() - goneKeptMs, limit: batch }),
      );
      const answers = await this.#repeat(() =>
        store.write.forgetAnswers({ before: now() - answerKeptMs, limit: batch }),
      );
      const notifications = await this.#repeat(() =>
        store.write.forgetNotifications({ now: now(), limit: batch }),
      );
      const leases = await this.#repeat(() => store.write.forgetLeases({ before, limit: batch }));
      const ended = now() - welcomeKeptMs;
      const welcomes = await this.#repeat(() =>
        store.write.forgetWelcomes({ before: ended, limit: batch }),
      );
      const offeredBefore = now() - offeredKeptMs;
      const keys = await this.#repeat(() =>
        store.write.forgetKeyRows({ now: now(), offeredBefore, limit: batch }),
      );
      const audited = await this.#options.pruneAudit();
      const files = await this.#options.sweepFiles();
      metrics.job("janitor", "ran", now());
      const gone = {
        expired,
        forgotten,
        answers,
        welcomes,
        sessions,
        notifications,
        leases,
        keys,
        records,
        audited,
        files,
      };
      if (Object.values(gone).some((count) => count > 0)) log.info("janitor ran", gone);
    } catch (cause) {
      metrics.job("janitor", "failed", now());
      log.error("janitor failed", { cause });
    }
  }

  async #repeat(work: () => Promise<number>): Promise<number> {
    let sum = 0;
    for (let done = batch; done >= batch && !this.#stopped; sum += done) done = await work();
    return sum;
  }
}
