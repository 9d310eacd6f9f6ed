import type { Seeded } from "../faults/seeded.ts";
import {
  brokerFaults,
  corruptionFaults,
  deviceFaults,
  type Fault,
  networkFaults,
  type Pause,
} from "./fault-table.ts";
import type { ChaosGround } from "./ground.ts";

/** Which faults were tried, counted: `broker kill -9` → 7. */
export type Tried = ReadonlyMap<string, number>;

export interface ScheduleOptions {
  readonly random: Seeded;
  readonly until: AbortSignal;
  /** mean time between two faults */
  readonly everyMs: number;
  /** whether bits flip in transit, too */
  readonly corrupts: boolean;
}

/** Brings seeded faults over the ground until told to end, at most one at a time on each process and on the network; everything runs again when it settles. */
export async function runSchedule(ground: ChaosGround, options: ScheduleOptions): Promise<Tried> {
  const { random, until, everyMs, corrupts } = options;
  const ofNetwork = Object.entries(networkFaults);
  // Half of the faults are then of this one kind.
  const ofLine = Object.entries(corruptionFaults);
  const tried = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  const pause = pauseUntil(until);
  let networkIsBusy = false;

  const begin = (name: string, fault: Promise<void>): void => {
    tried.set(name, (tried.get(name) ?? 0) + 1);
    ground.options.progress(name);
    const tracked = fault.finally(() => underWay.delete(tracked));
    tracked.catch(() => {});
    underWay.add(tracked);
  };
  const onTarget = (
    target: ChaosGround["broker"],
    faults: Record<string, Fault<typeof target>>,
  ) => {
    if (target.isBusy) return;
    const [name, fault] = random.pick(Object.entries(faults));
    target.isBusy = true;
    begin(
      `${target === ground.broker ? "broker" : "device"} ${name}`,
      fault(target, random.fork(), pause).finally(() => {
        target.isBusy = false;
      }),
    );
  };
  const onNetwork = (faults = ofNetwork) => {
    if (networkIsBusy) return;
    const [name, fault] = random.pick(faults);
    networkIsBusy = true;
    begin(
      `network ${name}`,
      fault(ground, random.fork(), pause).finally(() => {
        networkIsBusy = false;
      }),
    );
  };

  // However short the run is, there is one of these.
  if (corrupts) onNetwork(ofLine);
  while (!until.aborted) {
    await pause(random.between(0, 2 * everyMs));
    if (until.aborted) break;
    const kind = random.below(3);
    if (kind === 0) onTarget(ground.broker, brokerFaults);
    else if (kind === 1) onTarget(random.pick(ground.devices), deviceFaults);
    else onNetwork(corrupts && random.chance(0.5) ? ofLine : ofNetwork);
  }
  await Promise.all(underWay);
  return tried;
}

/** Pauses that the end of the run cuts short. */
function pauseUntil(signal: AbortSignal): Pause {
  return (ms) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, signal.aborted ? 0 : ms);
      signal.addEventListener("abort", done);
    });
}
