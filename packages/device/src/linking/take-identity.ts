import type { LinkChannel } from "@claudemesh/crypto";
import { replaceHome, requireUnused } from "../backup/replace-home.ts";
import type { DeviceContext } from "../context.ts";
import { addOwnDevice } from "../store/own-device-rows.ts";
import { takeContents } from "./carry-contents.ts";
import { firstSealed } from "./exchange-keys.ts";
import { taken } from "./give-identity.ts";
import type { MailboxClient } from "./mailbox-client.ts";

/** Waits for the identity that the existing device seals, checks all of it, and makes this empty home a device of that member. Answers its meshes. */
export async function takeIdentity(
  ctx: DeviceContext,
  mailbox: MailboxClient,
  channel: LinkChannel,
): Promise<{ readonly meshes: string[]; readonly isTaken: boolean }> {
  const { home, devices, siblings } = await takeContents(mailbox, channel);
  requireUnused(ctx, false);
  await replaceHome(ctx, home, new Map(devices.map(({ mesh, device }) => [mesh, device])));
  ctx.store.write(() => {
    for (const one of [...devices, ...siblings])
      addOwnDevice(ctx.store, { ...one, origin: "known", at: ctx.now() });
  });
  await mailbox.put(channel.seal(taken, firstSealed)).catch(() => {});
  await mailbox.hangUp();
  return { meshes: home.meshes.map(({ slug }) => slug), isTaken: true };
}
