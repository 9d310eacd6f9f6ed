import { brokerFailpoints } from "../faults/broker-failpoints.ts";
import type { LinkFaults } from "../faults/channel.ts";
import { formatFailpoint } from "../faults/failpoints.ts";
import type { Direction } from "../faults/fault-proxy.ts";
import { lineFailpoints } from "../faults/line-failpoints.ts";
import type { Seeded } from "../faults/seeded.ts";
import { verbFailpoints } from "./device-verbs.ts";
import type { ChaosGround } from "./ground.ts";
import type { Target } from "./target.ts";

/** Settles after so many ms, or when the run ends. */
export type Pause = (ms: number) => Promise<void>;

/** A fault that lasts until its promise settles; by then what it harmed works again. */
export type Fault<On> = (on: On, random: Seeded, pause: Pause) => Promise<void>;

const graceMs = 5_000;

/** Starts a program anew with a failpoint set, lets it run into it, and starts it again. */
async function dieAt(
  target: Target,
  names: readonly string[],
  random: Seeded,
  pause: Pause,
): Promise<void> {
  await target.child.kill();
  const failpoint = { name: random.pick(names), passing: random.between(1, 12) };
  await target.start(formatFailpoint(failpoint));
  await Promise.race([target.child.over, pause(random.between(2_000, 6_000))]);
  if (!target.child.isOver) await target.child.kill();
  await target.start();
}

const processFaults = (names: readonly string[]): Record<string, Fault<Target>> => ({
  "kill -9": async (target, random, pause) => {
    await target.child.kill();
    await pause(random.between(0, 800));
    await target.start();
  },
  failpoint: (target, random, pause) => dieAt(target, names, random, pause),
  restart: async (target) => {
    await target.child.stop(graceMs);
    await target.start();
  },
  "SIGSTOP, SIGCONT": async (target, random, pause) => {
    target.child.pause();
    await pause(random.between(200, 4_000));
    target.child.resume();
  },
});

export const brokerFaults = processFaults(brokerFailpoints);
export const deviceFaults = processFaults([...lineFailpoints, ...verbFailpoints]);

/** A lasting fault of the network, then healing; connections that it left dead are mostly found by a reset, sometimes by silence. */
const lasting =
  (begin: (ground: ChaosGround, random: Seeded) => void): Fault<ChaosGround> =>
  async (ground, random, pause) => {
    begin(ground, random);
    await pause(random.between(200, 4_000));
    await ground.proxy.heal();
    if (random.chance(0.8)) ground.proxy.cut();
  };

const harm = (faults: (random: Seeded) => Partial<LinkFaults>): Fault<ChaosGround> =>
  lasting(({ proxy }, random) =>
    proxy.harm(faults(random), random.pick<Direction | undefined>([undefined, "up", "down"])),
  );

export const networkFaults: Record<string, Fault<ChaosGround>> = {
  "delay and jitter": harm((random) => ({
    delayMs: random.between(5, 200),
    jitterMs: random.between(0, 100),
  })),
  "limited bandwidth": harm((random) => ({ bytesPerSecond: random.between(2_000, 40_000) })),
  "half-open": lasting(({ proxy }) => proxy.halfOpen()),
  stall: harm(() => ({ stalled: true })),
  refuse: lasting(({ proxy }, random) => {
    proxy.refuse();
    if (random.chance(0.5)) proxy.cut();
  }),
  cut: async ({ proxy }) => proxy.cut(),
  "cut inside a frame": async ({ proxy }, random) =>
    proxy.cutInside(random.pick<Direction>(["up", "down"])),
  "cut in one direction": lasting(({ proxy }, random) =>
    proxy.cut(random.pick<Direction>(["up", "down"])),
  ),
};

/** Bits flip on the way, as nothing but a line without TLS lets them. What the broker says unsigned may then be wrong, so that such a run is judged by itself. */
export const corruptionFaults: Record<string, Fault<ChaosGround>> = {
  "bit flips": harm((random) => ({ corruption: random.pick([0.02, 0.1, 0.5]) })),
};
