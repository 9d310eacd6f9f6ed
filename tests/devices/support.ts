import assert from "node:assert/strict";
import type { LocalDevice } from "@claudemesh/device";
import type { Ground } from "../device/home-fixture.ts";

/** Links an empty home to `from`, both persons seeing the same number; answers the new device. */
export async function linked(
  ground: Ground,
  from: LocalDevice,
  name: string,
): Promise<LocalDevice> {
  const fresh = await ground.device(name);
  const { code } = await fresh.api.device.link({});
  const [there, here] = await Promise.all([
    fresh.api.device.link({ wait: true }),
    from.api.device.link({ ...(code === undefined ? {} : { code }) }),
  ]);
  assert.equal(there.check, here.check);
  const confirm = here.check ?? "";
  const [taken, given] = await Promise.all([
    fresh.api.device.link({ confirm }),
    from.api.device.link({ confirm }),
  ]);
  assert.deepEqual(taken.meshes, given.meshes);
  return fresh;
}

/** The codes of the notices that wait at a device. */
export async function noticesOf(device: LocalDevice): Promise<string[]> {
  const shown = await device.api.message.inbox({});
  await device.confirmHandOver();
  return shown.notices.map(({ code }) => code);
}
