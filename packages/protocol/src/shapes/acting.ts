import { z } from "zod";

/** Presence verbs speak of every mesh of the home, unless one is named. */
export const InMesh = z.strictObject({
  mesh: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("slug or id of the one mesh that is meant; left out: all"),
});

/** On whom a presence verb acted: the calling agent session, or this device with all of its sessions. */
export const Acted = z.object({
  of: z.enum(["session", "device"]),
  sessions: z.int().min(0).describe("agent sessions that it was set for"),
});
