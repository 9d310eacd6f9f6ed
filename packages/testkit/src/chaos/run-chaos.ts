import { seeded } from "../faults/seeded.ts";
import { judgeCorrupted } from "./corrupted-verdict.ts";
import { drainAll } from "./drain.ts";
import { ChaosGround, type GroundOptions } from "./ground.ts";
import { runSchedule, type Tried } from "./schedule.ts";
import { judge, type Verdict } from "./verdict.ts";

export interface ChaosOptions {
  /** unsigned 32-bit integer; the same seed draws the same faults, which the machine then times anew */
  readonly seed: number;
  readonly ms: number;
  readonly names?: readonly string[];
  readonly gapMs?: number;
  readonly everyMs?: number;
  /** a planted bug, which the run has to find */
  readonly bug?: GroundOptions["bug"];
  /** bits flip in transit, too; judged by what may never be shown, for the broker's own words are unsigned */
  readonly corrupts?: boolean;
  readonly progress?: (line: string) => void;
  /** ends the run early, without a verdict */
  readonly signal?: AbortSignal;
}

export interface ChaosResult extends Verdict {
  readonly seed: number;
  readonly tried: Tried;
  readonly endings: ReadonlyMap<string, number>;
}

/** Runs a broker and devices under seeded faults, heals and drains them, and judges the whole history. Throws when ended early. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, ms, names = ["alice", "bob", "carol"], gapMs = 40, everyMs = 700 } = options;
  const { bug, corrupts = false, progress = () => {}, signal } = options;
  const random = seeded(seed);
  await using ground = await ChaosGround.start({
    names,
    random: random.fork(),
    gapMs,
    bug,
    progress,
  });
  const time = AbortSignal.timeout(ms);
  const until = signal === undefined ? time : AbortSignal.any([time, signal]);
  // This bug shows only after a crash between showing and confirming, so there is one.
  const failpoint = bug === "hide-again" ? "offer:shown:1" : "";
  await Promise.all(ground.devices.map((device) => device.start(failpoint)));
  const tried = await runSchedule(ground, { random: random.fork(), until, everyMs, corrupts });
  signal?.throwIfAborted();
  progress("healing");
  await ground.proxy.heal();
  ground.proxy.cut();
  await Promise.all(ground.devices.map((device) => device.child.stop(15_000)));
  const pending = await drainAll(ground);
  signal?.throwIfAborted();
  await ground.broker.child.stop(10_000);
  const judged = judge(ground, pending);
  const verdict = corrupts ? judgeCorrupted(judged, ground.alarms) : judged;
  return { seed, tried, endings: ground.endings, ...verdict };
}
