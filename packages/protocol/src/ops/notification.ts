import { z } from "zod";
import { At } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { MessageId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { KeyMessage, LogPlace } from "../shapes/api-key.ts";
import { MeshTarget } from "../shapes/target.ts";
import { Notification } from "../shapes/topic.ts";

export const list = op({
  name: "notification.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "any" },
  summary: "List the messages that name you, newest first",
  input: z.strictObject({
    unread: z.boolean().default(false).describe("only those that are not read yet"),
    since: At.optional().describe("only those from this time on"),
    before: LogPlace.optional().describe("only what comes before this cursor"),
    limit: z.int().min(1).max(limits.historyPage).default(50).describe("at most so many"),
  }),
  output: z.object({
    items: z.array(KeyMessage.extend({ read: z.boolean() })),
    before: z.string().optional().describe("cursor to give as before for what was earlier"),
  }),
  errors: ["cursor_invalid"],
  open: {
    input: MeshTarget.extend({
      unread: z.boolean().default(false).describe("only those that are not read yet"),
      since: Duration.optional().describe("only those of this long, such as 1d"),
      limit: z.coerce.number().int().min(1).max(1_000).default(50).describe("at most so many"),
    }),
    output: z.object({ items: z.array(Notification), unread: z.int() }),
  },
  rest: "GET /v1/notifications",
  cli: {},
});

export const read = op({
  name: "notification.read",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  key: { needs: "send", reach: "any" },
  summary: "Mark what names you as read: one message, or all",
  input: z.strictObject({ id: MessageId.optional().describe("message id; left out: all") }),
  output: z.object({
    read: z.int().describe("how many were not"),
    more: z.boolean().describe("there are more than one call marks: ask again"),
  }),
  errors: ["ambiguous", "not_found"],
  open: {
    input: MeshTarget.extend({
      id: z.string().min(1).max(60).optional().describe("message id, or its end; left out: all"),
    }),
    output: z.object({ read: z.int() }),
  },
  rest: "POST /v1/notifications/read",
  cli: { args: ["id"] },
});
