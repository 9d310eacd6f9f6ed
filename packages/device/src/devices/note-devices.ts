import type { DeviceId, MeshId, SeenDevice } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { getMembership } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { addOwnDevice, ownDevices } from "../store/own-device-rows.ts";

/** Asks the broker for this member's devices, and tells of each that is new here without a link. */
export async function noteDevices(
  ctx: DeviceContext,
  row: MembershipRow,
  { client }: Pick<MeshLink, "client">,
): Promise<readonly SeenDevice[]> {
  const { items } = await client.device.list({});
  const { mesh, device: self } = row;
  ctx.store.write(() => {
    // What was there before this home began to look is no news; one that was linked or restored begins with itself and them.
    const isFirst = ownDevices(ctx.store, mesh).length === 0;
    addOwnDevice(ctx.store, { mesh, device: self, origin: "known", at: ctx.now() });
    for (const { device } of items) {
      if (isFirst) addOwnDevice(ctx.store, { mesh, device, origin: "known", at: ctx.now() });
      else noteDevice(ctx, mesh, device);
    }
  });
  return items;
}

/** A device that the broker sees for the first time, by its word. */
export const noteSeenDevice = (ctx: DeviceContext, mesh: MeshId, device: DeviceId): void =>
  ctx.store.write(() => {
    if (ownDevices(ctx.store, mesh).length > 0) noteDevice(ctx, mesh, device);
  });

/** Tells of a device of one's own that nobody has linked from here, once. Part of the caller's transaction. */
export function noteDevice(ctx: DeviceContext, mesh: MeshId, device: DeviceId): void {
  const at = ctx.now();
  const slug = getMembership(ctx.store, mesh)?.slug ?? mesh;
  if (!addOwnDevice(ctx.store, { mesh, device, origin: "unknown", at })) return;
  addNotice(ctx.store, {
    mesh,
    key: `device:${device}`,
    code: "new_device",
    text: `a device that was not linked from here acts as you in ${slug}: ${device}. If it is none of yours, someone has your keys: claudemesh device revoke ${device}`,
    at,
  });
  ctx.wake.now();
}
