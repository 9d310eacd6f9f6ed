import { z } from "zod";
import { SessionId } from "../ids.ts";
import { op } from "../op.ts";
import { Acted, InMesh } from "../shapes/acting.ts";
import { PeerStatus, SessionStatus, StatusSource } from "../shapes/session.ts";

export const set = op({
  name: "status.set",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "presence",
  summary: "Say whether you are idle, working, or not to be disturbed",
  input: z.strictObject({
    session: SessionId.optional().describe("one session; without it the device, where it has none"),
    status: PeerStatus,
  }),
  output: z.object({ sessions: z.int().describe("sessions that it was set for") }),
  errors: ["not_found"],
  open: {
    input: InMesh.extend({ status: SessionStatus }),
    output: Acted.extend({ status: SessionStatus, source: StatusSource }),
  },
  cli: { args: ["status"] },
  tool: "set_status",
  again: true,
});
