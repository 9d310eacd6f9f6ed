import { z } from "zod";
import { Hash, SealKey } from "../bytes.ts";
import { DeviceId, MeshId } from "../ids.ts";
import { BackupContents } from "./backup.ts";

/** The first part of each side: what it will show, without showing it. */
export const LinkCommitment = z.strictObject({ v: z.literal(1), commitment: Hash });
export type LinkCommitment = z.infer<typeof LinkCommitment>;

/** The second part of each side: the key itself. */
export const LinkKey = z.strictObject({ v: z.literal(1), key: SealKey });
export type LinkKey = z.infer<typeof LinkKey>;

const Devices = z.array(z.strictObject({ mesh: MeshId, device: DeviceId })).max(100_000);

/** What the existing device seals to the new one: the identity as it is there, and the device id that the new one has in each mesh. Secret. */
export const LinkContents = z.strictObject({
  v: z.literal(1),
  home: BackupContents,
  devices: Devices.describe("what the new one is in each mesh"),
  siblings: Devices.describe("the devices that the existing one knows, itself with them"),
});
export type LinkContents = z.infer<typeof LinkContents>;
