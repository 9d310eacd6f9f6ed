import { z } from "zod";
import { Audience } from "../audience.ts";
import { At, Signature } from "../bytes.ts";
import { DeviceId, MemberId, MeshId, MessageId, SessionId } from "../ids.ts";
import { limits } from "../limits.ts";
import { sealed } from "../sealed.ts";
import { RosterHead } from "./roster.ts";

export const Priority = z
  .enum(["now", "next", "low"])
  .describe("now: at once; next: when the recipient is idle; low: only when asked for");
export type Priority = z.infer<typeof Priority>;

/** What only the recipient reads. */
export const MessageBody = z.strictObject({
  text: z.string().max(60_000).describe("message text"),
  subtype: z.string().max(32).optional(),
  tags: z.array(z.string().max(64)).max(32).optional(),
});
export type MessageBody = z.infer<typeof MessageBody>;

/** How the body is keyed. `void` marks a message given up: same id and counter, no body. `probe` is a ping, shown to nobody. */
export const EnvelopeKind = z.enum([
  "broadcast",
  "direct",
  "group",
  "private_topic",
  "probe",
  "topic",
  "void",
]);
export type EnvelopeKind = z.infer<typeof EnvelopeKind>;

/** What the sender expects: `request` must be answered, `inform` (the default) may be, `ack` must not be. */
export const Intent = z.enum(["request", "inform", "ack"]);
export type Intent = z.infer<typeof Intent>;

/** What the broker routes by. Every field is covered by the signature, and its hash is repeated inside the ciphertext. */
export const EnvelopeHeader = z.strictObject({
  v: z.literal(1),
  id: MessageId,
  mesh: MeshId,
  from: z.strictObject({ member: MemberId, device: DeviceId, session: SessionId.optional() }),
  to: Audience,
  priority: Priority,
  kind: EnvelopeKind,
  keyVersion: z.int().min(0).optional().describe("mesh epoch or topic key version"),
  contentType: z.literal("application/json"),
  replyTo: MessageId.optional(),
  thread: MessageId.optional().describe("the thread's first message; left out by that one"),
  hop: z.int().min(1).max(10_000).optional().describe("agents' messages since, with this one"),
  since: MessageId.optional().describe("the last message of a person, or a release, in the thread"),
  intent: Intent.optional(),
  lease: z.string().max(64).optional(),
  mentions: z.array(MemberId).max(limits.mentions).optional(),
  createdAt: At,
  head: RosterHead.describe("the roster head that the sender had verified"),
  n: z.int().min(1).describe("counter per sending device and audience"),
});
export type EnvelopeHeader = z.infer<typeof EnvelopeHeader>;

/** One message as it crosses the wire. */
export const Envelope = z
  .strictObject({
    header: EnvelopeHeader,
    body: sealed(MessageBody, { to: "recipient", maxBytes: limits.messageBytes }),
    sig: Signature,
  })
  .meta({ id: "Envelope" });
export type Envelope = z.infer<typeof Envelope>;
