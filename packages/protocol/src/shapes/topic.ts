import { z } from "zod";
import { At } from "../bytes.ts";
import { ApiKeyId, JobId, MemberId, MeshId, MessageId, TopicId } from "../ids.ts";
import { TopicRole } from "../statements/roster.ts";
import { Topic, TopicHistory, TopicVisibility } from "../statements/topic.ts";

/** A topic as the broker knows it for the one who asks. `statement` is missing for #general alone. */
export const WireTopic = z.object({
  id: TopicId,
  statement: Topic.optional(),
  role: TopicRole.optional().describe("the caller's; left out where it is not in the topic"),
  members: z.int(),
  readSeq: z.int().describe("up to where the caller has read"),
});
export type WireTopic = z.infer<typeof WireTopic>;

/** A topic as this device has verified it. `dm` stands for what two members write to each other, sealed to each: it is there by itself. */
export const TopicInfo = z.object({
  id: z.string().describe("topic id; of a dm the other member's id"),
  name: z.string(),
  visibility: z.enum([...TopicVisibility.options, "dm"]),
  mesh: z.object({ id: MeshId, slug: z.string() }),
  role: TopicRole.optional().describe("yours; left out where you are not in it"),
  members: z.int(),
  unread: z.int(),
  description: z.string().optional(),
  history: TopicHistory.optional(),
});
export type TopicInfo = z.infer<typeof TopicInfo>;

/** Who is in a topic. */
export const TopicMember = z.object({ member: MemberId, role: TopicRole });

/** One post of a topic as its reader sees it, with what its author and others said of it since. */
export const Post = z.object({
  id: MessageId,
  from: z.object({
    member: MemberId,
    name: z.string(),
    key: z.string().describe("first 16 hex digits of the signing key"),
    self: z.boolean(),
    apiKey: ApiKeyId.optional().describe("the API key that posted it; then member is its owner"),
    job: JobId.optional().describe(
      "the job for which the broker says it; then member is its owner",
    ),
  }),
  plain: z
    .literal(true)
    .optional()
    .describe("nobody signed it: it came via the broker, unverified"),
  seq: z.int().optional().describe("its place in the log; left out while it is queued here"),
  text: z.string().describe("empty where it was retracted or cannot be opened"),
  createdAt: At,
  replyTo: MessageId.optional(),
  editedAt: At.optional(),
  retractedAt: At.optional(),
  pinned: z.boolean(),
  reactions: z.array(z.object({ emoji: z.string(), by: z.array(z.string()) })),
  undated: z
    .literal(true)
    .optional()
    .describe("its time cannot be proven: its author was removed, or had its keys replaced"),
  closed: z
    .object({ why: z.string(), next: z.string() })
    .optional()
    .describe("why it cannot be opened here, and what happens next"),
});
export type Post = z.infer<typeof Post>;

/** A post or message that names this member. */
export const Notification = z.object({
  id: MessageId.describe("the message that names you"),
  mesh: z.object({ id: MeshId, slug: z.string() }),
  topic: z.string().optional().describe("name of the topic it was posted to"),
  from: z.object({ member: MemberId, name: z.string() }),
  text: z.string().describe("its beginning"),
  at: At,
  read: z.boolean(),
});
export type Notification = z.infer<typeof Notification>;
