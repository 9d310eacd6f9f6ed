import { z } from "zod";
import { Audience } from "../audience.ts";
import { At } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { MeshId, MessageId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { Plain } from "../shapes/api-key.ts";
import {
  DeadLetter,
  InboxMessage,
  InboxNotice,
  MessageRecord,
  MessageState,
  Other,
  Reader,
  SentTo,
  StoryStep,
} from "../shapes/message.ts";
import { MeshTarget } from "../shapes/target.ts";
import { Envelope, Intent, Priority } from "../statements/envelope.ts";

const ById = MeshTarget.extend({
  id: z.string().min(1).max(60).describe("message id, or its end"),
});

export const deadLetters = op({
  name: "message.dead_letters",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "List what you sent that will never arrive, and why",
  input: z.strictObject({}),
  output: z.object({}),
  errors: [],
  open: {
    input: MeshTarget.extend({
      limit: z.coerce.number().int().min(1).max(1_000).default(50).describe("list at most so many"),
    }),
    output: z.object({
      items: z.array(DeadLetter),
      more: z.int().describe("older ones that are not listed"),
    }),
  },
  cli: {},
  tool: "dead_letters",
});

export const inbox = op({
  name: "message.inbox",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Show the messages that wait for you, each once",
  input: z.strictObject({}),
  output: z.object({}),
  errors: [],
  open: {
    input: MeshTarget.extend({
      wait: Duration.optional().describe("wait this long for the first message, such as 30s"),
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(1_000)
        .default(100)
        .describe("show at most so many"),
    }),
    output: z.object({
      items: z.array(InboxMessage),
      notices: z.array(InboxNotice),
      more: z.int().describe("messages that still wait"),
    }),
  },
  cli: { alias: ["inbox"], primary: 6 },
  tool: "check_messages",
  attended: true,
});

export const post = op({
  name: "message.post",
  kind: "command",
  since: 1,
  scope: "key",
  limit: "message",
  key: { needs: "send", reach: "any" },
  summary: "Post without a member's signature, by an API key",
  input: z.strictObject({
    to: z
      .string()
      .min(1)
      .max(200)
      .describe("a topic as #name or by id, a member by name or id, @group, or * for everyone"),
    text: z
      .string()
      .max(60_000)
      .regex(/\S/, "says nothing")
      .optional()
      .describe("what to say; the broker can read it"),
    ciphertext: Plain.shape.ciphertext,
    priority: Priority.default("next"),
    mentions: z
      .array(z.string().min(1).max(200))
      .max(limits.mentions)
      .optional()
      .describe("names or ids of members"),
    replyTo: MessageId.optional().describe("the message that it answers"),
    idempotencyKey: z
      .string()
      .min(1)
      .max(limits.idempotencyKey)
      .optional()
      .describe("the same one again gives the first answer; also a header, Idempotency-Key"),
  }),
  output: z.object({
    id: MessageId,
    seq: z.int(),
    cursor: z.string(),
    at: At,
    kind: z.literal("plain"),
    to: Audience,
  }),
  errors: ["ambiguous", "conflict", "no_recipient"],
  rest: "POST /v1/messages",
});

export const send = op({
  name: "message.send",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "message",
  summary: "Send a message that only its recipients can read",
  input: z.strictObject({ envelope: Envelope }),
  output: z.object({ id: MessageId, seq: z.int(), acceptedAt: At, repeated: z.boolean() }),
  errors: ["clock_skew", "conflict", "loop_limit", "no_recipient", "repeated", "roster_stale"],
  open: {
    input: MeshTarget.extend({
      to: z
        .string()
        .min(1)
        .max(200)
        .describe("name, key prefix of 8 or more hex digits, @group, #topic, tag:<tag>, or *"),
      text: z
        .string()
        .max(60_000)
        .regex(/\S/, "says nothing")
        .describe("what to say; - reads standard input"),
      priority: Priority.default("next"),
      intent: Intent.default("inform").describe(
        "request: must be answered; inform: may be; ack: must not be",
      ),
      replyTo: z.string().max(60).optional().describe("id of the message this answers"),
    }),
    output: z.object({
      id: MessageId,
      state: MessageState,
      mesh: z.object({ id: MeshId, slug: z.string() }),
      to: SentTo,
      ids: z.array(MessageId).optional().describe("of what goes to each session apart: all ids"),
      seq: z.int().optional(),
      reason: z.string().optional().describe("why it is still queued"),
    }),
  },
  cli: { args: ["to", "text..."], alias: ["send"], primary: 5 },
  tool: "send_message",
  again: true,
});

export const show = op({
  name: "message.show",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Show one stored message whole, again",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["not_found", "ambiguous"],
  open: {
    input: ById,
    output: z.object({
      id: MessageId,
      mesh: z.object({ id: MeshId, slug: z.string() }),
      direction: z.enum(["sent", "received"]),
      with: Other,
      text: z.string(),
      intent: Intent.optional().describe("left out: inform"),
      replyTo: MessageId.optional(),
      createdAt: At,
    }),
  },
  cli: { args: ["id"] },
  tool: "show_message",
});

export const status = op({
  name: "message.status",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "mesh" },
  summary: "Show how far a message has got",
  input: z.strictObject({ id: MessageId }),
  output: MessageRecord,
  errors: ["not_found"],
  open: {
    input: ById,
    output: z.object({
      id: MessageId,
      mesh: z.object({ id: MeshId, slug: z.string() }),
      direction: z.enum(["sent", "received"]),
      state: MessageState,
      with: Other,
      to: SentTo.optional().describe("of what is for many"),
      readers: z.array(Reader).optional().describe("who of many has said how far it is"),
      at: At.describe("when it reached this state"),
      way: z.string().optional(),
      reason: z.string().optional(),
      seq: z.int().optional(),
    }),
  },
  cli: { args: ["id"], alias: ["msg-status"] },
  tool: "message_status",
});

export const why = op({
  name: "message.why",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Tell the whole story of a message",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["not_found"],
  open: {
    input: ById,
    output: status.open.output.extend({ story: z.array(StoryStep), summary: z.string() }),
  },
  cli: { args: ["id"], alias: ["why"], primary: 8 },
});
