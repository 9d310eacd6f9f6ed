import { z } from "zod";
import { SessionId } from "../ids.ts";
import { op } from "../op.ts";
import { Acted, InMesh } from "../shapes/acting.ts";

export const set = op({
  name: "visible.set",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "presence",
  summary: "Show or hide yourself in peer lists and broadcasts",
  input: z.strictObject({
    session: SessionId.optional().describe("one session; without it the device, where it has none"),
    visible: z.boolean(),
  }),
  output: z.object({ sessions: z.int().describe("sessions that it was set for") }),
  errors: ["not_found"],
  open: {
    input: InMesh.extend({ visible: z.boolean().describe("true or false") }),
    output: Acted.extend({ visible: z.boolean() }),
  },
  cli: { args: ["visible"], alias: ["visible"] },
  tool: "set_visible",
  again: true,
});
