import type { MeshId } from "@claudemesh/protocol";
import type { RateLimit } from "../rate-limit.ts";
import type { JobRow } from "../store/jobs-port.ts";
import type { Timer } from "../timer.ts";
import { hearTicks, runClock, wakeClock } from "./clock/run-clock.ts";
import type { JobParts } from "./context.ts";
import { DueLoop } from "./due-loop.ts";
import { runSchedule } from "./schedule/run-schedule.ts";
import { runWatch } from "./watch/run-watch.ts";
import { type Post, takePost } from "./webhook/take-post.ts";

/** schedules that one round says, clocks that tick at a time */
const saidAtOnce = 200;
/** questions to the outside at a time */
const askedAtOnce = 16;

/** Does what the broker does by itself for members: each thing once, on whichever node comes first. */
export class Jobs {
  readonly parts: JobParts;
  readonly #loops: Readonly<Record<JobRow["lane"], DueLoop>>;
  readonly #hookRate: RateLimit;
  readonly #waking = new Set<Promise<void>>();
  #isOn = false;
  #stopHearing = () => {};

  constructor(
    parts: JobParts,
    { hookRate, timer }: { readonly hookRate: RateLimit; readonly timer: Timer },
  ) {
    this.parts = parts;
    const { log, now, store } = parts;
    const loop = (
      lane: JobRow["lane"],
      atOnce: number,
      run: (job: JobRow) => Promise<number | undefined>,
    ) => new DueLoop({ lane, store, now, timer, log, atOnce, run });
    this.#loops = {
      clock: loop("clock", saidAtOnce, (job) => runClock(job, parts)),
      outside: loop("outside", askedAtOnce, async (job) => {
        await (job.kind === "watch" ? runWatch(job, parts) : runSchedule(job, parts));
        return undefined;
      }),
      said: loop("said", saidAtOnce, async (job) => {
        await runSchedule(job, parts);
        return undefined;
      }),
    };
    this.#hookRate = hookRate;
  }

  /** Begins with what has become due while no broker ran; where other nodes do it, this one passes on ticks alone. */
  start(): void {
    this.#stopHearing = hearTicks(this.parts, (mesh) => this.entered(mesh));
    this.#isOn = this.parts.config.jobs;
    if (!this.#isOn) return;
    for (const loop of Object.values(this.#loops)) loop.look();
  }

  /** A job was kept that is due by itself. */
  kept({ lane, dueAt }: Pick<JobRow, "dueAt" | "lane">): void {
    if (this.#isOn && dueAt !== null) this.#loops[lane].wake(dueAt);
  }

  /** Somebody of a mesh is here of which nobody was: a clock that stood still for that runs on. */
  entered(mesh: MeshId): void {
    if (!this.#isOn) return;
    const waking = this.#wakeClock(mesh).finally(() => this.#waking.delete(waking));
    this.#waking.add(waking);
  }

  async #wakeClock(mesh: MeshId): Promise<void> {
    try {
      const dueAt = await wakeClock(mesh, this.parts);
      if (dueAt !== undefined) this.kept({ lane: "clock", dueAt });
    } catch (cause) {
      this.parts.log.warn("a clock could not be let run on", { mesh, cause });
    }
  }

  /** What another system posted to a webhook. */
  takePost(post: Post) {
    return takePost(post, this.parts, this.#hookRate);
  }

  /** Ends after what goes on. */
  async stop(): Promise<void> {
    this.#isOn = false;
    this.#stopHearing();
    await Promise.all(this.#waking);
    await Promise.all(Object.values(this.#loops).map((loop) => loop.stop()));
  }
}
