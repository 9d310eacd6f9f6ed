import { z } from "zod";
import { SessionId } from "../ids.ts";
import { op } from "../op.ts";
import { Acted, InMesh } from "../shapes/acting.ts";
import { Summary } from "../shapes/session.ts";

export const set = op({
  name: "summary.set",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "presence",
  summary: "Say what you are working on, as others see it in the peer list",
  input: z.strictObject({
    session: SessionId.optional().describe("one session; without it the device, where it has none"),
    text: Summary,
  }),
  output: z.object({ sessions: z.int().describe("sessions that it was set for") }),
  errors: ["not_found"],
  open: {
    input: InMesh.extend({ text: Summary }),
    output: Acted.extend({ summary: z.string() }),
  },
  cli: { args: ["text..."], alias: ["summary"] },
  tool: "set_summary",
  again: true,
});
