import { seeded } from "../faults/seeded.ts";
import { judgeCorrupted } from "./corrupted-verdict.ts";
import { drainAll } from "./drain.ts";
import { ChaosGround, type GroundOptions } from "./ground.ts";
import { runSchedule, type Tried } from "./schedule.ts";
import { judge, type Verdict } from "./verdict.ts";

const lookMs = 20;
/** for how long, at the most, messages are waited for before a run goes on without them */
const patienceMs = 120_000;

export interface ChaosOptions {
  /** unsigned 32-bit integer; the same seed draws the same faults, which the machine then times anew */
  readonly seed: number;
  /** how long, and longer where fewer messages were acknowledged by then than `least` */
  readonly ms: number;
  /** messages; 1 unless given */
  readonly least?: number;
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
  const { bug, corrupts = false, least = 1, progress = () => {}, signal } = options;
  const random = seeded(seed);
  await using ground = await ChaosGround.start({
    names,
    random: random.fork(),
    gapMs,
    bug,
    progress,
  });
  const failpoint = bug === "hide-again" ? "offer:shown:1" : "";
  await Promise.all(ground.devices.map((device) => device.start(failpoint)));
  const enough = acknowledged(ground, least, signal);
  await crash(ground, enough);
  const time = AbortSignal.timeout(ms);
  const over = new AbortController();
  time.addEventListener("abort", () => void enough.then(() => over.abort()));
  const until = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
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

/** Settles when so many messages were acknowledged, or the run is ended, or after a long time. */
async function acknowledged(
  { history }: ChaosGround,
  least: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const count = () => history.events.filter(({ kind }) => kind === "acknowledged").length;
  const end = performance.now() + patienceMs;
  while (count() < least && signal?.aborted !== true && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/** Some bugs show only after a crash between the words and the deed, so there is one. */
async function crash({ broker, devices, options }: ChaosGround, enough: Promise<void>) {
  if (options.bug === "hide-again") await Promise.race(devices.map(({ child }) => child.over));
  if (options.bug !== "early-reply") return;
  await enough;
  await broker.child.kill();
  await broker.start();
}
