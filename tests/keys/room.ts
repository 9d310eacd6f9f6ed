import assert from "node:assert/strict";
import type { ChainKey } from "@claudemesh/crypto";
import type { LocalDevice } from "../../packages/device/src/device.ts";
import type { DeviceEvent } from "../../packages/device/src/online/device-events.ts";
import { ringRows } from "../../packages/device/src/store/ring-rows.ts";
import type { Ground } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";

/** How long anything in these tests may take; what is measured is said where it is. */
const deadlineMs = 60_000;

/** Settles when `look` gives something, looking again whenever the device tells of anything, and every few milliseconds. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    assert.ok(Date.now() < deadline, `${what}: not within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The mesh keys that a home holds, read from its database as another process of it would. */
export function epochsOf(inside: Inside): number[] {
  const isEpoch = (key: ChainKey): key is Extract<ChainKey, { epoch: number }> => "epoch" in key;
  return ringRows(inside.ctx.store, inside.row.mesh)
    .filter(isEpoch)
    .map(({ epoch }) => epoch)
    .sort((a, b) => a - b);
}

/** Homes that are kept online, each with a view from inside. */
export async function onlineMesh(
  ground: Ground,
  ...names: string[]
): Promise<{ devices: LocalDevice[]; insides: Inside[] } & Disposable> {
  const devices = await ground.mesh(...names);
  for (const device of devices) await keepOpen(device);
  const insides = names.map((name) => new Inside(ground, name));
  return {
    devices,
    insides,
    [Symbol.dispose]: () => {
      for (const inside of insides) inside[Symbol.dispose]();
    },
  };
}

/** Keeps a device online; settles when its feed is open. */
export async function keepOpen(device: LocalDevice): Promise<void> {
  const open = Promise.withResolvers<void>();
  const isOpen = (event: DeviceEvent) => {
    if (event.type === "link" && event.standing.link === "open") open.resolve();
  };
  const cancel = device.listen(isOpen);
  device.keepOnline();
  await open.promise;
  cancel();
}
