import { z } from "zod";

/** On whom a presence verb acted: the calling agent session, or this device with all of its sessions. */
export const Acted = z.object({
  of: z.enum(["session", "device"]),
  sessions: z.int().min(0).describe("agent sessions that it was set for"),
});
