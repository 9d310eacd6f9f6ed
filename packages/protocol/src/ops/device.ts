import { z } from "zod";
import { At } from "../bytes.ts";
import { DeviceId } from "../ids.ts";
import { op } from "../op.ts";
import { LinkCheck, LinkCode, OwnDevice, SeenDevice } from "../shapes/device.ts";

const Slug = z.string();

/** One step of a link; who drives it calls again until it is linked. */
export const link = op({
  name: "device.link",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Bring your identity from one device to another",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["already_member", "cancelled", "conflict", "exists", "expired", "not_found"],
  open: {
    input: z.strictObject({
      code: LinkCode.optional(),
      broker: z.url().max(2_000).optional().describe("URL of the broker with the mailbox"),
      confirm: LinkCheck.optional().describe("the number, once it was compared"),
      wait: z.boolean().optional().describe("wait for the other device to enter"),
      refuse: z
        .boolean()
        .optional()
        .describe("end the link: the numbers differ, or it is not wanted"),
    }),
    output: z.object({
      side: z
        .enum(["new", "existing"])
        .describe("whether this device gets the identity or gives it"),
      state: z.enum(["offered", "compare", "linked", "refused"]),
      code: LinkCode.optional(),
      check: LinkCheck.optional(),
      expiresAt: At.optional(),
      meshes: z.array(Slug).optional().describe("slugs of the meshes that the link carries"),
      isTaken: z.boolean().optional().describe("whether the new device has said that it has them"),
    }),
  },
});

export const list = op({
  name: "device.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "List your own devices in a mesh",
  input: z.strictObject({}),
  output: z.object({ items: z.array(SeenDevice) }),
  errors: [],
  open: {
    input: z.strictObject({ mesh: z.string().optional().describe("slug or id of the mesh") }),
    output: z.object({ items: z.array(OwnDevice) }),
  },
  cli: {},
});

export const revoke = op({
  name: "device.revoke",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Replace your keys in every mesh after losing a device",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["ambiguous", "not_found"],
  open: {
    input: z.strictObject({
      device: z.string().min(4).max(64).describe("device id, or a unique beginning of it"),
    }),
    output: z.object({
      device: DeviceId,
      done: z.array(Slug).describe("meshes whose keys are replaced"),
      due: z.array(Slug).describe("meshes that could not be reached: done as soon as they can"),
    }),
  },
  cli: { args: ["device"], confirm: "device" },
});
