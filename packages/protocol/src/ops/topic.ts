import { z } from "zod";
import { Duration } from "../duration.ts";
import { MemberId, MessageId, TopicId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { MeshTarget } from "../shapes/target.ts";
import { Post, TopicInfo, TopicMember, WireTopic } from "../shapes/topic.ts";
import { Envelope } from "../statements/envelope.ts";
import { TopicRole } from "../statements/roster.ts";
import { Topic, TopicHistory, TopicName, TopicVisibility } from "../statements/topic.ts";
import { send } from "./message.ts";

const named = z.string().min(1).max(100).describe("topic name, with or without #, or its id");
const OfTopic = MeshTarget.extend({ name: named });
const OfPost = MeshTarget.extend({
  id: z.string().min(1).max(60).describe("message id, or its end"),
});
const TopicTarget = z.strictObject({ topic: TopicId });
const Described = z.object({ id: z.string(), topic: TopicInfo });
const Statement = z.strictObject({ topic: Topic });
const description = z.string().max(limits.topicDescription).describe("what it is about");
const atMost = z.coerce.number().int().min(1).max(1_000).default(50).describe("at most so many");
const nothing = { input: z.strictObject({}), output: z.object({}) };

export const create = op({
  name: "topic.create",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  needs: "topics",
  summary: "Create a topic, with you as its lead",
  input: Statement,
  output: WireTopic,
  errors: ["clock_skew", "conflict", "exhausted", "exists", "not_found", "roster_conflict"],
  open: {
    input: MeshTarget.extend({
      name: TopicName,
      visibility: TopicVisibility.default("public"),
      description: description.optional(),
      history: TopicHistory.default("all"),
    }),
    output: Described,
  },
  cli: { args: ["name"] },
});

/** `delete` is a word of the language; the family's member is `del`. */
export const del = op({
  name: "topic.delete",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  summary: "Delete a topic: nobody posts or finds it any more",
  input: Statement,
  output: WireTopic,
  errors: ["clock_skew", "conflict", "not_found", "ambiguous"],
  open: { input: OfTopic, output: Described },
  cli: { args: ["name"], confirm: "name" },
});

export const edit = op({
  name: "topic.edit",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "message",
  summary: "Replace the text of your own post",
  ...nothing,
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfPost.extend({
      text: z.string().max(60_000).regex(/\S/, "says nothing").describe("the new text"),
    }),
    output: z.object({ id: MessageId, state: send.open.output.shape.state }),
  },
  cli: { args: ["id", "text..."] },
});

export const history = op({
  name: "topic.history",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "Show a topic's posts, newest first",
  input: z.strictObject({
    topic: TopicId,
    before: z.int().min(1).optional().describe("only posts with a lower seq"),
    limit: z.int().min(1).max(limits.historyPage),
  }),
  output: z.object({
    items: z.array(z.object({ seq: z.int(), body: Envelope })),
    more: z.boolean(),
  }),
  errors: ["not_found", "ambiguous", "no_recipient"],
  open: {
    input: OfTopic.extend({
      limit: atMost,
      before: z.coerce.number().int().min(1).optional().describe("only posts with a lower seq"),
    }),
    output: z.object({
      items: z.array(Post),
      before: z.int().optional().describe("what to give as `before` for older ones"),
      notes: z.array(z.string()).describe("what the reader should know"),
    }),
  },
  cli: { args: ["name"], alias: ["topic show"] },
});

export const invite = op({
  name: "topic.invite",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  summary: "Bring a member into a topic, or change its role there",
  input: TopicTarget.extend({ member: MemberId, role: TopicRole }),
  output: z.object({}),
  errors: ["ambiguous", "no_recipient", "not_found", "roster_conflict"],
  open: {
    input: OfTopic.extend({
      member: z.string().min(1).max(200).describe("name, or key prefix of 8 or more hex digits"),
      role: TopicRole.default("member"),
    }),
    output: z.object({ member: MemberId, name: z.string(), role: TopicRole }),
  },
  cli: { args: ["name", "member"] },
});

export const join = op({
  name: "topic.join",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  summary: "Join a public topic: its posts reach you from now on",
  input: TopicTarget,
  output: WireTopic,
  errors: ["not_found", "ambiguous"],
  open: { input: OfTopic, output: Described },
  cli: { args: ["name"] },
});

export const leave = op({
  name: "topic.leave",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  summary: "Leave a topic, or take another member out of it",
  input: TopicTarget.extend({ member: MemberId }),
  output: z.object({}),
  errors: ["ambiguous", "no_recipient", "not_found", "roster_conflict"],
  open: {
    input: OfTopic.extend({
      member: z.string().min(1).max(200).optional().describe("whom to take out, instead of you"),
    }),
    output: z.object({ member: MemberId, name: z.string() }),
  },
  cli: { args: ["name"] },
});

export const list = op({
  name: "topic.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "List the topics of a mesh that you may find",
  input: z.strictObject({}),
  output: z.object({ items: z.array(WireTopic) }),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({
      items: z.array(TopicInfo),
      ageMs: z.int().describe("age of the answer when it comes from the cache, else 0"),
    }),
  },
  rest: "GET /v1/topics",
  cli: {},
});

export const members = op({
  name: "topic.members",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "List who is in a topic",
  input: TopicTarget,
  output: z.object({ items: z.array(TopicMember) }),
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfTopic,
    output: z.object({
      items: z.array(TopicMember.extend({ name: z.string(), self: z.boolean() })),
    }),
  },
  cli: { args: ["name"] },
});

export const pin = op({
  name: "topic.pin",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "message",
  summary: "Pin a post to its topic, or take the pin off",
  ...nothing,
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfPost.extend({ off: z.boolean().default(false).describe("take the pin off") }),
    output: z.object({ id: MessageId, pinned: z.boolean() }),
  },
  cli: { args: ["id"] },
});

export const post = op({
  name: "topic.post",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "message",
  summary: "Post to a topic",
  ...nothing,
  errors: send.errors,
  open: {
    input: OfTopic.extend({
      text: send.open.input.shape.text,
      priority: send.open.input.shape.priority,
      intent: send.open.input.shape.intent,
      replyTo: send.open.input.shape.replyTo,
    }),
    output: send.open.output,
  },
  cli: { args: ["name", "text..."] },
});

export const react = op({
  name: "topic.react",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "message",
  summary: "React to a post with a sign, or take the sign back",
  ...nothing,
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfPost.extend({
      emoji: z
        .string()
        .max(32)
        .regex(/^\S+$/u, "a sign is one word or emoji")
        .describe("the sign, such as 👍"),
      off: z.boolean().default(false).describe("take the sign back"),
    }),
    output: z.object({ id: MessageId, emoji: z.string() }),
  },
  cli: { args: ["id", "emoji"] },
});

export const read = op({
  name: "topic.read",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  summary: "Mark a topic as read",
  input: TopicTarget.extend({ seq: z.int().min(0).describe("read up to here") }),
  output: z.object({ seq: z.int() }),
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfTopic,
    output: z.object({ seq: z.int(), read: z.int().describe("posts that were unread before") }),
  },
  cli: { args: ["name"] },
});

export const retract = op({
  name: "topic.retract",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "message",
  summary: "Take your own post back: its text is shown no more",
  ...nothing,
  errors: ["not_found", "ambiguous"],
  open: { input: OfPost, output: edit.open.output },
  cli: { args: ["id"] },
});

export const tail = op({
  name: "topic.tail",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Show a topic's last posts, then each new one as it comes",
  ...nothing,
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfTopic.extend({
      after: z.coerce.number().int().min(0).optional().describe("only posts with a higher seq"),
      limit: atMost,
      wait: Duration.optional().describe("wait this long for the next one, such as 30s"),
    }),
    output: z.object({
      items: z.array(Post),
      seq: z.int().describe("what to give as `after` for what comes next"),
      typing: z.array(z.string()).describe("who writes in it right now, by the broker's word"),
    }),
  },
  cli: { args: ["name"], live: true },
});

export const typing = op({
  name: "topic.typing",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "presence",
  summary: "Let those who look at a topic know that you write in it",
  input: TopicTarget,
  output: z.object({}),
  errors: ["not_found", "ambiguous"],
  open: { input: OfTopic, output: z.object({}) },
  cli: { args: ["name"] },
});

export const update = op({
  name: "topic.update",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  summary: "Change what a topic is about",
  input: Statement,
  output: WireTopic,
  errors: ["clock_skew", "conflict", "not_found", "ambiguous"],
  open: { input: OfTopic.extend({ description }), output: Described },
  cli: { args: ["name"] },
});
