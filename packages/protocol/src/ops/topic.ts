import { z } from "zod";
import { Duration } from "../duration.ts";
import { MemberId, TopicId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { Plain } from "../shapes/api-key.ts";
import { evenAsLast, MeshTarget } from "../shapes/target.ts";
import { Post, TopicInfo, TopicMember, WireTopic } from "../shapes/topic.ts";
import { OfTopic, OfTopicOrDm } from "../shapes/topic-target.ts";
import { Envelope } from "../statements/envelope.ts";
import { TopicRole } from "../statements/roster.ts";
import { Topic, TopicHistory, TopicName } from "../statements/topic.ts";

export { key, pendingSeals, posts, seal } from "./topic-by-key.ts";
export { edit, pin, post, react, retract } from "./topic-posts.ts";

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
  audit: true,
  needs: "topics",
  key: { needs: "admin", reach: "mesh" },
  summary: "Create a topic, with you as its lead",
  input: Statement,
  output: WireTopic,
  errors: ["clock_skew", "conflict", "exhausted", "exists", "not_found", "roster_conflict"],
  open: {
    input: MeshTarget.extend({
      name: TopicName,
      visibility: TopicInfo.shape.visibility
        .default("public")
        .describe(
          "public: anyone in the mesh may join; private: only who was invited knows of it; a dm is there by itself",
        ),
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
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Delete a topic: nobody posts or finds it any more",
  input: Statement,
  output: WireTopic,
  errors: ["clock_skew", "conflict", "not_found", "ambiguous"],
  open: { input: OfTopic, output: Described },
  cli: { args: ["name"], confirm: "name" },
});

export const history = op({
  name: "topic.history",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "topic" },
  summary: "Show a topic's posts, newest first",
  input: z.strictObject({
    topic: TopicId,
    before: z.int().min(1).optional().describe("only posts with a lower seq"),
    limit: z.int().min(1).max(limits.historyPage),
  }),
  output: z.object({
    items: z.array(z.object({ seq: z.int(), body: Envelope })),
    plain: z
      .array(z.object({ seq: z.int(), body: Plain }))
      .optional()
      .describe("posts of API keys on the same page"),
    more: z.boolean(),
  }),
  errors: ["not_found", "ambiguous", "no_recipient"],
  open: {
    input: OfTopicOrDm.extend({
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
  audit: true,
  key: { needs: "admin", reach: "mesh" },
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
  audit: true,
  key: { needs: "admin", reach: "mesh" },
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
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Leave a topic, or take another member out of it",
  input: TopicTarget.extend({ member: MemberId }),
  output: z.object({}),
  errors: ["ambiguous", "no_recipient", "not_found", "roster_conflict"],
  open: {
    input: OfTopic.extend({
      member: z.string().min(1).max(200).optional().describe("whom to take out, instead of you"),
      evenAsLast,
    }),
    output: z.object({
      member: MemberId,
      name: z.string(),
      topic: z.string().describe("name of the topic"),
      self: z.boolean().describe("whether it was you who left"),
    }),
  },
  cli: { args: ["name"] },
});

export const list = op({
  name: "topic.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "any" },
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
  key: { needs: "read", reach: "topic" },
  summary: "List who is in a topic",
  input: TopicTarget,
  output: z.object({ items: z.array(TopicMember) }),
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfTopicOrDm,
    output: z.object({
      items: z.array(TopicMember.extend({ name: z.string(), self: z.boolean() })),
    }),
  },
  rest: "GET /v1/topics/{topic}/members",
  cli: { args: ["name"] },
});

export const read = op({
  name: "topic.read",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  key: { needs: "send", reach: "topic" },
  summary: "Mark a topic as read",
  input: TopicTarget.extend({ seq: z.int().min(0).describe("read up to here") }),
  output: z.object({ seq: z.int() }),
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfTopicOrDm,
    output: z.object({ seq: z.int(), read: z.int().describe("posts that were unread before") }),
  },
  rest: "POST /v1/topics/{topic}/read",
  cli: { args: ["name"] },
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
    input: OfTopicOrDm.extend({
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
  rate: { perSecond: 2, burst: 20 },
  key: { needs: "send", reach: "topic" },
  summary: "Let those who look at a topic know that you write in it",
  input: z.strictObject({
    topic: TopicId.optional(),
    member: MemberId.optional().describe("instead of a topic: the other member of a dm"),
  }),
  output: z.object({}),
  errors: ["not_found", "ambiguous"],
  open: { input: OfTopicOrDm, output: z.object({}) },
  cli: { args: ["name"] },
});

export const update = op({
  name: "topic.update",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Change what a topic is about",
  input: Statement,
  output: WireTopic,
  errors: ["clock_skew", "conflict", "not_found", "ambiguous"],
  open: { input: OfTopic.extend({ description }), output: Described },
  cli: { args: ["name"], example: 'deploys --description "what goes live"' },
});
