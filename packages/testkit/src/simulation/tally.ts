import { lostOf } from "../history/check.ts";
import { describeFailure } from "./describe.ts";
import { runSimulation } from "./run-simulation.ts";
import type { SimulationOptions } from "./simulation.ts";

/** What one course comes to, small enough to cross threads. */
export interface Course {
  readonly seed: number;
  readonly isGood: boolean;
  readonly acknowledged: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly again: number;
  readonly recovered: number;
  readonly virtualMs: number;
  readonly events: number;
  readonly tried: ReadonlyMap<string, number>;
  /** lines for who has to mend it; none where all is good */
  readonly told: readonly string[];
}

/** Plays one seed; what breaks the simulation itself is told as that seed's failure. */
export async function playCourse(options: SimulationOptions): Promise<Course> {
  const { seed } = options;
  try {
    const result = await runSimulation(options);
    const { report, isGood, virtualMs, events, tried } = result;
    return {
      ...{ seed, isGood, virtualMs, events, tried },
      acknowledged: report.acknowledged,
      lost: lostOf(report).length,
      duplicated: report.duplicated.length,
      again: report.again,
      recovered: report.recovered.length,
      told: isGood ? [] : describeFailure(result),
    };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const nothing = { acknowledged: 0, lost: 0, duplicated: 0, again: 0, recovered: 0 };
    const told = [`seed ${seed} cannot be played: ${text}`];
    return { seed, isGood: false, ...nothing, virtualMs: 0, events: 0, tried: new Map(), told };
  }
}

/** Adds up courses. */
export class Tally {
  readonly #tried = new Map<string, number>();
  readonly #sums = {
    acknowledged: 0,
    lost: 0,
    duplicated: 0,
    again: 0,
    recovered: 0,
    virtualMs: 0,
    events: 0,
  };
  readonly failed: number[] = [];
  seeds = 0;

  add({ seed, isGood, tried, ...course }: Omit<Course, "told">): void {
    this.seeds += 1;
    if (!isGood) this.failed.push(seed);
    for (const key of Object.keys(this.#sums) as (keyof typeof course)[]) {
      this.#sums[key] += course[key];
    }
    for (const [name, count] of tried) this.#tried.set(name, (this.#tried.get(name) ?? 0) + count);
  }

  /** Lines of text, the last one `seeds N acknowledged N lost N duplicated N`. */
  describe(): string[] {
    const { acknowledged, lost, duplicated, again, recovered, virtualMs, events } = this.#sums;
    const counted = [...this.#tried].sort();
    const lines = counted.map(([name, count]) => `  ${String(count).padStart(7)}  ${name}`);
    const hours = (virtualMs / 3_600_000).toFixed(1);
    const failed = [...this.failed].sort((a, b) => a - b).slice(0, 50);
    return [
      "tried:",
      ...lines,
      `virtual hours ${hours} events ${events}`,
      `in doubt and arrived ${recovered} shown again and called so ${again}`,
      ...(failed.length > 0 ? [`failed: ${failed.join(" ")}`] : []),
      `seeds ${this.seeds} acknowledged ${acknowledged} lost ${lost} duplicated ${duplicated}`,
    ];
  }
}
