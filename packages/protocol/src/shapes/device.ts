import { z } from "zod";
import { At } from "../bytes.ts";
import { DeviceId } from "../ids.ts";

/** What is typed on a device to meet a new one: eight letters and digits of RFC 4648's base32 alphabet, in two groups. */
export const LinkCode = z
  .string()
  .regex(/^[A-Z2-7]{4}-[A-Z2-7]{4}$/, "not a link code: expected XXXX-XXXX")
  .describe("code that the new device shows");

/** What both devices of a link show: 24 bits as eight digits in two groups. */
export const LinkCheck = z
  .string()
  .regex(/^[0-9]{4} [0-9]{4}$/, "not a comparison number: expected 0000 0000")
  .describe("number that both devices show");

/** A device as its broker has seen it. */
export const SeenDevice = z.object({
  device: DeviceId,
  firstSeenAt: At.describe("when the broker first saw it"),
  lastSeenAt: At.describe("when the broker last saw it"),
  online: z.boolean().describe("whether it reads the mesh's feed now"),
});
export type SeenDevice = z.infer<typeof SeenDevice>;

/** How this home knows a device of its member. */
export const DeviceOrigin = z
  .enum(["this", "linked", "known", "revoked", "unknown"])
  .describe(
    "this one, linked by this one, there before this one looked, shut out by new keys, or new without a link",
  );
export type DeviceOrigin = z.infer<typeof DeviceOrigin>;

/** A device of one's own, as this home knows it. */
export const OwnDevice = SeenDevice.extend({ mesh: z.string(), origin: DeviceOrigin });
export type OwnDevice = z.infer<typeof OwnDevice>;
