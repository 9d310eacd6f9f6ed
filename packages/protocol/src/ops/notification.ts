import { z } from "zod";
import { Duration } from "../duration.ts";
import { op } from "../op.ts";
import { MeshTarget } from "../shapes/target.ts";
import { Notification } from "../shapes/topic.ts";

export const list = op({
  name: "notification.list",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "List the messages that name you, newest first",
  input: z.strictObject({}),
  output: z.object({}),
  errors: [],
  open: {
    input: MeshTarget.extend({
      unread: z.boolean().default(false).describe("only those that are not read yet"),
      since: Duration.optional().describe("only those of this long, such as 1d"),
      limit: z.coerce.number().int().min(1).max(1_000).default(50).describe("at most so many"),
    }),
    output: z.object({ items: z.array(Notification), unread: z.int() }),
  },
  cli: {},
});

export const read = op({
  name: "notification.read",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Mark what names you as read: one message, or all",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["ambiguous", "not_found"],
  open: {
    input: MeshTarget.extend({
      id: z.string().min(1).max(60).optional().describe("message id, or its end; left out: all"),
    }),
    output: z.object({ read: z.int() }),
  },
  cli: { args: ["id"] },
});
