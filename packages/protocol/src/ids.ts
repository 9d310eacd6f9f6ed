import { z } from "zod";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const hash = "[0-9a-f]{64}";

const uuidId = (prefix: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${uuid}$`), `not a ${what} id: expected ${prefix}_<UUID>`)
    .describe(`${what} id`);

const hashId = (prefix: string, what: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}_${hash}$`),
      `not a ${what} id: expected ${prefix}_<64 hex digits>`,
    )
    .describe(`${what} id`);

/** Self-certifying: the hash of the mesh's genesis entry. */
export const MeshId = hashId("mesh", "mesh").brand<"MeshId">();
export type MeshId = z.infer<typeof MeshId>;

/** Self-certifying: the hash of the member's `genesis` or `join` entry; kept through `rekey` and `restore`. */
export const MemberId = hashId("mbr", "member").brand<"MemberId">();
export type MemberId = z.infer<typeof MemberId>;

/** Random, one per key of a program that speaks HTTP. */
export const ApiKeyId = uuidId("key", "API key").brand<"ApiKeyId">();
export type ApiKeyId = z.infer<typeof ApiKeyId>;

/** Random, one per thing that a broker does by itself for a member. */
export const JobId = uuidId("job", "job").brand<"JobId">();
export type JobId = z.infer<typeof JobId>;

/** Random, one per installation and mesh. */
export const DeviceId = uuidId("dev", "device").brand<"DeviceId">();
export type DeviceId = z.infer<typeof DeviceId>;

/** Random, one per agent session and mesh. */
export const SessionId = uuidId("ses", "session").brand<"SessionId">();
export type SessionId = z.infer<typeof SessionId>;

/** First 128 bits of the hash of the invite's public key, in the form of a UUIDv8 (RFC 9562, section 5.8). */
export const InviteId = uuidId("inv", "invite").brand<"InviteId">();
export type InviteId = z.infer<typeof InviteId>;

/** A UUIDv7 (RFC 9562, section 5.7) drawn by the sender; also the idempotency key. */
export const MessageId = uuidId("msg", "message").brand<"MessageId">();
export type MessageId = z.infer<typeof MessageId>;

/** A UUIDv7 drawn by the device that signs the receipt. */
export const ReceiptId = uuidId("rct", "receipt").brand<"ReceiptId">();
export type ReceiptId = z.infer<typeof ReceiptId>;

/** Drawn with the write that makes it. */
export const MemoryId = uuidId("memory", "memory").brand<"MemoryId">();
export type MemoryId = z.infer<typeof MemoryId>;

/** Drawn with the write that makes it. */
export const TaskId = uuidId("task", "task").brand<"TaskId">();
export type TaskId = z.infer<typeof TaskId>;

/** A UUIDv7 drawn by the device that writes shared data; also the idempotency key. */
export const RecordId = uuidId("rec", "record").brand<"RecordId">();
export type RecordId = z.infer<typeof RecordId>;

/** Random, one per shared file; drawn by the device that shares it. */
export const FileId = uuidId("fil", "file").brand<"FileId">();
export type FileId = z.infer<typeof FileId>;

/** Random, one per topic. */
export const TopicId = uuidId("top", "topic").brand<"TopicId">();
export type TopicId = z.infer<typeof TopicId>;

/** Names one call in the operator's log. */
export const RequestId = uuidId("req", "request").brand<"RequestId">();
export type RequestId = z.infer<typeof RequestId>;
