import { z } from "zod";
import { Audience } from "../audience.ts";
import { At } from "../bytes.ts";
import { ApiKeyId, JobId, MemberId, MeshId, MessageId, TopicId } from "../ids.ts";
import { limits } from "../limits.ts";
import { Envelope, MessageBody, Priority } from "../statements/envelope.ts";

/** What a key may do, in the order that help and docs list it. */
export const apiKeyCapabilities = ["send", "read", "state", "admin"] as const;
export const ApiKeyCapability = z.enum(apiKeyCapabilities).describe("what an API key may do");
export type ApiKeyCapability = z.infer<typeof ApiKeyCapability>;

/** What a program is called to those who read its posts; one line of letters, digits and a few signs, so that it cannot pass for something else. */
export const ApiKeyName = z
  .string()
  .regex(
    /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,48}[\p{L}\p{N}])?$/u,
    "a key's name is 1 to 50 letters, digits, spaces and . _ -",
  )
  .describe("name that its posts are shown under");

/** Why a mesh's key is or is not good now. */
export const ApiKeyState = z.enum(["active", "expired", "revoked"]);
export type ApiKeyState = z.infer<typeof ApiKeyState>;

/** A key as the broker keeps it: never its secret. */
export const ApiKeyInfo = z.object({
  id: ApiKeyId,
  name: z.string(),
  owner: MemberId.describe("the member for whom it acts, and with whose rights at most"),
  capabilities: z.array(ApiKeyCapability),
  topics: z.array(TopicId).optional().describe("left out: the whole mesh"),
  state: ApiKeyState,
  createdAt: At,
  expiresAt: At.optional(),
  revokedAt: At.optional(),
  usedAt: At.optional().describe("when it was last used, to the minute"),
});
export type ApiKeyInfo = z.infer<typeof ApiKeyInfo>;

/** What the broker says by itself, by the kind of job that it says it for. */
export const PlainSubtype = z.enum(["reminder", "watch", "webhook"]);
export type PlainSubtype = z.infer<typeof PlainSubtype>;

const PlainAuthor = z
  .strictObject({
    key: ApiKeyId.optional(),
    job: JobId.optional().describe("in place of a key: for which the broker says it by itself"),
    name: ApiKeyName,
    owner: MemberId.describe("whose key or job it is"),
  })
  .refine(({ key, job }) => (key === undefined) !== (job === undefined), "a key or a job");

/** A post without a member's signature, as the broker took it from an API key or says it by itself: its word alone says who wrote it, and it can read it. */
export const Plain = z
  .strictObject({
    v: z.literal(1),
    id: MessageId,
    mesh: MeshId,
    from: PlainAuthor,
    to: Audience,
    priority: Priority,
    subtype: PlainSubtype.optional().describe("of what the broker says by itself"),
    text: MessageBody.shape.text.optional(),
    ciphertext: z
      .string()
      .max(Math.ceil((limits.messageBytes * 4) / 3))
      .regex(/^[A-Za-z0-9_-]+$/, "ciphertext must be unpadded base64url")
      .optional()
      .describe("in place of text: sealed with a key that is no business of the mesh's"),
    mentions: z.array(MemberId).max(limits.mentions).optional(),
    replyTo: MessageId.optional(),
    at: At,
  })
  .meta({ id: "Plain" });
export type Plain = z.infer<typeof Plain>;

/** A message as an API key's holder reads it: a plain one whole, a sealed one as it crosses the wire. */
export const KeyMessage = z
  .object({
    id: MessageId,
    seq: z.int(),
    cursor: z.string().describe("its place, to give as after, before or Last-Event-ID"),
    at: At,
    kind: z.enum(["plain", "sealed"]),
    to: Audience,
    from: z.object({
      name: z.string().describe("by the broker's word"),
      member: MemberId.describe("its author; of a plain one, whose key or job it is"),
      key: ApiKeyId.optional(),
      job: JobId.optional().describe("for which the broker says it by itself"),
    }),
    verified: z.literal(false).describe("a key's holder verifies nothing"),
    priority: Priority,
    subtype: PlainSubtype.optional(),
    text: z.string().optional(),
    ciphertext: z.string().optional(),
    mentions: z.array(MemberId).optional(),
    replyTo: MessageId.optional(),
    envelope: Envelope.optional().describe("of a sealed one: header, ciphertext and signature"),
  })
  .meta({ id: "KeyMessage" });
export type KeyMessage = z.infer<typeof KeyMessage>;

/** A place in a mesh's log as programs carry it: `<seq>` alone, or with the log's epoch behind a dot. */
export const LogPlace = z
  .string()
  .regex(/^\d{1,15}(\.[A-Za-z0-9_-]{1,100})?$/, "not a cursor of this broker")
  .describe("cursor as a message, page or event gave it");
