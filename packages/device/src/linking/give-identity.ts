import { type LinkChannel, newDeviceId, utf8 } from "@claudemesh/crypto";
import { type LinkContents, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { listMemberships } from "../store/memberships.ts";
import { addOwnDevice, ownDevices } from "../store/own-device-rows.ts";
import { sendContents } from "./carry-contents.ts";
import { firstSealed } from "./exchange-keys.ts";
import { linkedHome } from "./linked-home.ts";
import type { MailboxClient } from "./mailbox-client.ts";

/** How long the word of the new device is waited for: it comes once its person has compared the numbers too. */
const graceMs = 3_000;

/** What the new device says when the identity is its own. */
export const taken = utf8("taken");

/** Seals this identity to the new device and waits a little for its word; its ids are known here before it has them. Answers the meshes, and whether that word came. */
export async function giveIdentity(
  ctx: DeviceContext,
  mailbox: MailboxClient,
  channel: LinkChannel,
): Promise<{ readonly meshes: string[]; readonly isTaken: boolean }> {
  const home = linkedHome(ctx);
  const devices = home.meshes.map(({ mesh }) => ({ mesh, device: newDeviceId(ctx.random) }));
  ctx.store.write(() => {
    for (const one of devices) {
      addOwnDevice(ctx.store, { ...one, origin: "linked", at: ctx.now() });
    }
  });
  const contents: LinkContents = { v: 1, home, devices, siblings: siblings(ctx) };
  await sendContents(mailbox, channel, contents);
  const meshes = home.meshes.map(({ slug }) => slug);
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const cancel = ctx.timer(graceMs, () => resolve(false));
  const isTaken = await Promise.race([heard(mailbox, channel), late]);
  cancel();
  return { meshes, isTaken };
}

/** The devices of its member that this one knows: the new one is not to be alarmed by them. */
const siblings = ({ store }: DeviceContext): LinkContents["siblings"] =>
  listMemberships(store).flatMap(({ mesh, device: self }) => [
    { mesh, device: self },
    ...ownDevices(store, mesh)
      .filter(({ origin, device }) => origin !== "unknown" && device !== self)
      .map(({ device }) => ({ mesh, device })),
  ]);

/** Whether the new device says that it has everything; until it does, what was sent waits for it. */
async function heard(mailbox: MailboxClient, channel: LinkChannel): Promise<boolean> {
  try {
    channel.open(await mailbox.take(firstSealed), firstSealed);
    return true;
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return false;
  } finally {
    await mailbox.close();
  }
}
