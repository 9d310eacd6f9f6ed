import { z } from "zod";
import { Audience } from "../audience.ts";
import { At, bytes, bytesUpTo, Hash, Signature, SignKey } from "../bytes.ts";
import { FileId, MemberId, MeshId } from "../ids.ts";
import { limits } from "../limits.ts";
import { RosterHead } from "./roster.ts";

/** A word by which files are found. */
export const FileTag = z
  .string()
  .min(1)
  .max(50)
  .regex(/^[^\s\p{Cc}]+$/u, "a tag is one word");

/** What a shared file is called, as its sender says: never a path. */
export const FileName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\\\p{Cc}]+$/u, "a file's name has no slash and no control character")
  .describe("name of the file");

/** What the uploader signs of a file; the broker reads it. What the file is called and how it opens is in `inside`, of which only the hash is here. */
export const FileManifest = z
  .strictObject({
    v: z.literal(1),
    mesh: MeshId,
    file: FileId,
    to: Audience.optional().describe("`*` or a topic; left out where it is sealed to members"),
    bytes: z.int().min(17).max(limits.fileBytes).describe("bytes of the ciphertext"),
    sha256: Hash.describe("SHA-256 of the ciphertext"),
    inside: Hash.describe("commitment to key, name and tags"),
    head: RosterHead.describe("the newest roster entry that the uploader had verified"),
    at: At,
    expiresAt: At.optional().describe("when it goes by itself"),
    member: MemberId.describe("the uploader"),
    author: SignKey,
    sig: Signature,
  })
  .meta({ id: "FileManifest" });
export type FileManifest = z.infer<typeof FileManifest>;

/** What is sealed to those who may open a file: its key, and what only they learn of it. */
export const FileInside = z.strictObject({
  key: bytes(32, "file key"),
  header: bytes(24, "secretstream header"),
  name: FileName,
  bytes: z.int().min(0).max(limits.fileBytes).describe("bytes of the file"),
  tags: z.array(FileTag).max(16),
});
export type FileInside = z.infer<typeof FileInside>;

const Sealed = bytesUpTo(limits.fileSealedBytes, "sealed file key");

/** A file's key under the key of its audience. */
export const FileShared = z.strictObject({
  keyVersion: z.int().min(0).describe("epoch, or version of the private topic's key"),
  sealed: Sealed,
});
export type FileShared = z.infer<typeof FileShared>;

/** A file's key sealed to one member. */
export const FileSealRow = z.strictObject({ recipient: MemberId, sealed: Sealed });
export type FileSealRow = z.infer<typeof FileSealRow>;

/** A file as the broker gives it to one who may open it: under its audience's key, or sealed to that member. */
export const FileNews = z.object({
  manifest: FileManifest,
  shared: FileShared.optional(),
  sealed: Sealed.optional(),
});
export type FileNews = z.infer<typeof FileNews>;
