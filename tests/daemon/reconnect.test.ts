import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { systemRandom } from "@claudemesh/crypto";
import type { LinkStanding, LocalDevice } from "@claudemesh/device";
import { FaultProxy } from "../../packages/testkit/src/faults/fault-proxy.ts";
import { seeded } from "../../packages/testkit/src/faults/seeded.ts";
import { systemTimer } from "../../packages/testkit/src/faults/system-timer.ts";
import { Ground, read, texts } from "../device/home-fixture.ts";

const storms = 1_000;
const bound = { timeout: 600_000 };

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Calls `seen` with each standing of the device's one mesh. */
const standings = (device: LocalDevice, seen: (standing: LinkStanding) => void) =>
  device.listen((event) => {
    if (event.type === "link") seen(event.standing);
  });

async function world() {
  let port = 0;
  const proxy = await FaultProxy.start({
    target: () => port,
    random: seeded(1),
    now: Date.now,
    timer: systemTimer,
  });
  const ground = await Ground.start({ publicUrl: proxy.url });
  port = ground.broker.port;
  return {
    proxy,
    ground,
    [Symbol.asyncDispose]: async () => {
      await ground[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

test(
  `${storms} losses of the connection: one dial each, nothing grows, nothing is lost`,
  bound,
  async (t) => {
    await using stage = await world();
    const { ground, proxy } = stage;
    const [alice] = await ground.mesh("alice");
    assert.ok(alice);
    await alice.rebase((await alice.whoami()).meshes[0]?.id as never, proxy.url);
    const { link } = await alice.api.invite.create({});
    // Draws of four bytes are those of the back-off: it is as short as it can be.
    const random = (length: number) => (length === 4 ? new Uint8Array(4) : systemRandom(length));
    const bob = (await ground.device("bob", { random })) as LocalDevice;
    await bob.api.invite.claim({ invite: link });
    await bob.rebase((await bob.whoami()).meshes[0]?.id as never, proxy.url);
    let dials = 0;
    const done = Promise.withResolvers<void>();
    const samples: { heap: number; handles: number }[] = [];
    const sample = () => {
      collect();
      const handles = process.getActiveResourcesInfo().length;
      samples.push({ heap: process.memoryUsage().heapUsed, handles });
    };
    let losses = 0;
    standings(bob, ({ link: standing }) => {
      if (standing === "connecting") dials += 1;
      if (standing !== "open" || losses > storms) return;
      if (losses === 100) sample();
      if (losses === storms) {
        sample();
        done.resolve();
      } else {
        setImmediate(() => proxy.cut());
      }
      losses += 1;
    });
    const kept = bob.keepOnline();
    await done.promise;
    const [early, late] = samples;
    assert.ok(early && late);
    t.diagnostic(`heap after 100 ${early.heap}, after ${storms} ${late.heap}; dials ${dials}`);
    assert.ok(late.heap - early.heap < 8e6, `the heap grew by ${late.heap - early.heap} bytes`);
    assert.ok(late.handles <= early.handles + 5, `${early.handles} handles became ${late.handles}`);
    assert.ok(dials >= storms && dials <= storms + storms / 10, `${dials} dials`);
    await alice.api.message.send({ to: "bob", text: "after the storm" });
    assert.deepEqual(texts(await read(bob, "60s")), ["after the storm"]);
    await kept.stop();
  },
);

test(
  "while the broker is away the pauses between tries grow to a ceiling, and a call tries at once",
  bound,
  async () => {
    await using ground = await Ground.start();
    const [alice] = await ground.mesh("alice");
    assert.ok(alice);
    await alice.close();
    await ground.stopBroker();
    // Draws of the back-off are as long as they can be, and time runs a hundred times as fast until the broker is back: a greeting takes what it takes.
    let speed = 100;
    const random = (length: number) =>
      length === 4 ? new Uint8Array(4).fill(255) : systemRandom(length);
    const timer = (ms: number, fn: () => void) => systemTimer(ms / speed, fn);
    const device = (await ground.device("alice", { random, timer })) as LocalDevice;
    const pauses: number[] = [];
    const enough = Promise.withResolvers<void>();
    standings(device, ({ link, since, retryAt }) => {
      if (link !== "waiting" || retryAt === undefined) return;
      pauses.push(retryAt - since);
      if (pauses.length === 10) enough.resolve();
    });
    device.keepOnline();
    await enough.promise;
    const expected = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000];
    for (const [index, pause] of pauses.slice(0, 10).entries()) {
      const want = expected[index] ?? 0;
      assert.ok(Math.abs(pause - want) <= 50, `pause ${index}: ${pause} ms`);
    }
    speed = 1;
    await ground.startBroker();
    const listed = await device.api.member.list({});
    assert.equal(listed.ageMs, 0);
  },
);
