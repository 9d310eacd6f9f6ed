import { z } from "zod";
import { At } from "../bytes.ts";
import { DeviceId, MessageId, SessionId } from "../ids.ts";
import { op } from "../op.ts";

export const claim = op({
  name: "delivery.claim",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "presence",
  summary: "Take the lease by which one session answers a thread",
  input: z.strictObject({
    message: MessageId,
    session: SessionId,
    thread: MessageId.optional().describe("first message of its thread, where it is not the first"),
  }),
  output: z.object({
    granted: z.boolean(),
    token: z.string().max(64).optional().describe("what the reply's header names; when granted"),
    until: At,
    holder: z.object({ device: DeviceId, session: SessionId }),
  }),
  errors: ["not_found"],
});
