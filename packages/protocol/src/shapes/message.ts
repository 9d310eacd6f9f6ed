import { z } from "zod";
import { Audience } from "../audience.ts";
import { At } from "../bytes.ts";
import { ApiKeyId, JobId, MemberId, MeshId, MessageId, SessionId } from "../ids.ts";
import { Intent, Priority } from "../statements/envelope.ts";

/** How far a message has got, in order of progress, then the ends that are not success (docs/spec/delivery.md, "States"). */
export const MessageState = z.enum([
  "queued",
  "accepted",
  "stored",
  "offered",
  "in_context",
  "answered",
  "held",
  "expired",
  "refused",
  "undeliverable",
  "void",
]);
export type MessageState = z.infer<typeof MessageState>;

/** What the broker recorded of one message. It has no contents. */
export const MessageRecord = z.object({
  id: MessageId,
  seq: z.int(),
  from: MemberId,
  to: MemberId.describe("the recipient; the sender of what is for many"),
  audience: Audience.optional().describe("whom it is for, where that is more than one"),
  members: z
    .object({ have: z.int(), of: z.int() })
    .optional()
    .describe("of what is for many: members in its audience, and how many of them have it"),
  acceptedAt: At,
  expiresAt: At,
  contentsDeletedAt: At.optional(),
  expired: z.boolean(),
  devices: z
    .array(z.object({ storedUpTo: z.int(), has: z.boolean(), lastSeenAt: At }))
    .describe("the recipient's devices, without their ids"),
});
export type MessageRecord = z.infer<typeof MessageRecord>;

/** Whom a message went to. `name` reads as people write it: `alice`, `@group`, `#topic`, `*`, `tag:<tag>`. */
export const SentTo = z.object({
  kind: z.enum(["member", "group", "broadcast", "topic", "tag"]),
  name: z.string(),
  member: MemberId.optional(),
  session: SessionId.optional(),
  members: z.int().optional().describe("how many members or sessions it is for"),
});
export type SentTo = z.infer<typeof SentTo>;

/** How far a message to many is with one of its readers. */
export const Reader = z.object({
  member: MemberId,
  name: z.string(),
  state: MessageState,
  at: At,
  way: z.string().optional(),
  reason: z.string().optional(),
});
export type Reader = z.infer<typeof Reader>;

/** Who is at the other end: a member, or what is for many by its name. */
export const Other = z.object({ member: MemberId.optional(), name: z.string() });

/** A message of ours that will never arrive, and why. */
export const DeadLetter = z.object({
  id: MessageId,
  mesh: z.object({ id: MeshId, slug: z.string() }),
  to: Other,
  state: MessageState,
  reason: z.string(),
  text: z.string().describe("its beginning"),
  createdAt: At,
  at: At.describe("when it ended"),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** A message as its reader sees it. */
export const InboxMessage = z.object({
  id: MessageId,
  mesh: z.object({ id: MeshId, slug: z.string() }),
  from: z.object({
    member: MemberId,
    name: z.string(),
    key: z.string().describe("first 16 hex digits of the signing key"),
    verified: z.boolean(),
    apiKey: ApiKeyId.optional().describe("the API key that posted it; then member is its owner"),
    job: JobId.optional().describe(
      "the job for which the broker says it; then member is its owner",
    ),
  }),
  plain: z
    .literal(true)
    .optional()
    .describe("nobody signed it: it came via the broker, unverified"),
  text: z.string(),
  priority: Priority,
  intent: Intent.optional().describe("left out: inform"),
  replyTo: MessageId.optional(),
  thread: MessageId.optional().describe("first message of the thread; left out by that one"),
  hop: z
    .int()
    .optional()
    .describe("agents' messages in the thread since a person's; left out by a person's"),
  subtype: z.string().optional(),
  kind: z
    .enum(["direct", "broadcast", "group", "topic"])
    .describe("how it was addressed: to one, to everyone, to a group or a topic"),
  group: z.string().optional().describe("path of the group that it went to"),
  topic: z.string().optional().describe("name of the topic that it was posted to"),
  createdAt: At,
  receivedAt: At,
  again: z.boolean().describe("shown before, because a crash left in doubt whether it was seen"),
});
export type InboxMessage = z.infer<typeof InboxMessage>;

/** Something a reader must be told that is not a message: a gap, a refusal, a warning. */
export const InboxNotice = z.object({
  mesh: z.object({ id: MeshId, slug: z.string() }),
  code: z.string(),
  text: z.string(),
  at: At,
});
export type InboxNotice = z.infer<typeof InboxNotice>;

/** One step in a message's story; `by` says whose word it is. */
export const StoryStep = z.object({
  at: At,
  what: z.string(),
  by: z.enum(["this device", "broker, unverified", "recipient, signed"]),
});
export type StoryStep = z.infer<typeof StoryStep>;
