import { z } from "zod";
import { At } from "../bytes.ts";
import { FileId, MemberId } from "../ids.ts";

/** A shared file as those who may open it see it. */
export const FileInfo = z.object({
  id: FileId,
  name: z.string().optional().describe("absent where this home lacks the key"),
  bytes: z.int(),
  tags: z.array(z.string()),
  from: z.object({ member: MemberId, name: z.string(), self: z.boolean() }),
  former: z.boolean().describe("signed by who is no member any more, or by a replaced key"),
  to: z.string().describe("`*`, `#topic`, or `members` where it is sealed to some by name"),
  createdAt: At,
  expiresAt: At.optional(),
});
export type FileInfo = z.infer<typeof FileInfo>;

/** A file on its way to or from the broker. */
export const FileTransfer = z.object({
  id: FileId,
  name: z.string(),
  direction: z.enum(["up", "down"]),
  state: z.enum(["pending", "running", "failed"]),
  done: z.int().describe("bytes"),
  bytes: z.int(),
  reason: z.string().optional(),
});
export type FileTransfer = z.infer<typeof FileTransfer>;

/** What lies in a folder that a peer shares. */
export const PeerFileEntry = z.object({
  name: z.string(),
  kind: z.enum(["file", "folder"]),
  bytes: z.int().optional(),
  changedAt: At.optional(),
});
export type PeerFileEntry = z.infer<typeof PeerFileEntry>;
