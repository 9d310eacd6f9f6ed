import { z } from "zod";
import { SessionId } from "../ids.ts";
import { op } from "../op.ts";
import { SessionStats } from "../shapes/session.ts";

export const report = op({
  name: "stats.report",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "presence",
  summary: "Report a session's own counters",
  input: z.strictObject({ session: SessionId, stats: SessionStats }),
  output: z.object({ session: SessionId }),
  errors: ["not_found"],
});
