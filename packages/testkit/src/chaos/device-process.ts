import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import type { Timer } from "../faults/channel.ts";
import { dieAtOnce, failpoints, parseFailpoint } from "../faults/failpoints.ts";
import { connectWith, lineFailpoints } from "../faults/line-failpoints.ts";
import { seeded } from "../faults/seeded.ts";
import { systemTimer } from "../faults/system-timer.ts";
import { sayLine } from "../say-line.ts";
import {
  alarmOf,
  readSome,
  type Said,
  sendOne,
  type VerbParts,
  verbFailpoints,
} from "./device-verbs.ts";
import { endWithParent } from "./end-with-parent.ts";
import type { DeviceOrders } from "./orders.ts";

/** A device that sends and reads until SIGTERM, saying on stdout, one JSON line each, what it did and what it saw. */
const orders = JSON.parse(process.argv[2] ?? "{}") as DeviceOrders;
const { home, name, peers, run, seed, gapMs, bug } = orders;
endWithParent();

const say = (said: Said): void => sayLine(JSON.stringify(said));
const names = [...lineFailpoints, ...verbFailpoints];
const pass = failpoints(parseFailpoint(orders.failpoint, names), dieAtOnce);
const random = seeded(seed);
const timer: Timer = systemTimer;

let isStopping = false;
const stopping = new Promise<void>((resolve) => {
  process.once("SIGTERM", () => {
    isStopping = true;
    resolve();
  });
});
const pause = (ms: number): Promise<void> =>
  Promise.race([new Promise<void>((resolve) => timer(ms, resolve)), stopping]);

const device = await openDevice({
  home,
  now: Date.now,
  random: systemRandom,
  defaultName: name,
  connect: connectWith(pass),
});
const looks = random.fork();
const look = async () => {
  if (looks.chance(0.3)) await pause(looks.between(20, 200));
};
const parts: VerbParts = { device, name, say, pass, bug, look };

async function send(): Promise<void> {
  for (let i = 0; !isStopping; i++) {
    const length = random.chance(0.05) ? random.between(5_000, 40_000) : random.below(200);
    await sendOne(parts, { to: random.pick(peers), value: `${name}.${run}.${i}`, length });
    await pause(random.between(0, 2 * gapMs));
  }
}

async function read(): Promise<void> {
  while (!isStopping) {
    try {
      await readSome(parts, "300ms");
    } catch (error) {
      const alarm = alarmOf(error);
      if (alarm) say(alarm);
      await pause(100);
    }
  }
}

await Promise.all([send(), read()]);
await device.close();
process.exit(0);
