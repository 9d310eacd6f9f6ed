// What the operations of shared data have in common; no operation stands here.
import { z } from "zod";
import { At } from "../bytes.ts";
import { MeshId, TopicId } from "../ids.ts";
import { MeshRecord, RecordAuthor } from "../shapes/record.ts";
import { RecordSigned } from "../statements/record.ts";

export const InMesh = z.object({ id: MeshId, slug: z.string() });

export const signed = RecordSigned.optional();

/** What every write of shared data may be refused with. */
export const recordErrors = ["bad_signature", "clock_skew", "forbidden", "too_large"] as const;

/** How lists go on: newest change first, then what came before it. */
export const recordPage = {
  before: z.int().min(1).optional().describe("only what was changed before this version"),
  limit: z.int().min(1).max(500).optional().describe("at most so many; 100 unless said"),
};

/** What says that a list goes on. */
export const recordMore = {
  more: z.boolean(),
  before: z.int().optional().describe("to give as before for what comes next"),
};

/** A word by which something is found. */
export const RecordTag = z
  .string()
  .regex(/^[^\s,\p{C}]{1,64}$/u, "a tag is 1 to 64 characters without spaces and commas");
export const tags = z.array(RecordTag).max(16).optional().describe("tags, by which it is found");
export const tag = RecordTag.optional().describe("only with this tag");

/** The record itself for a device; the fields beside it are for programs, which verify nothing. */
export const plainRecord = {
  key: z.string(),
  topic: TopicId.optional(),
  version: z.int(),
  author: RecordAuthor.omit({ name: true, proof: true }).optional(),
  at: z.int().optional(),
  record: MeshRecord.optional(),
};

export const topicNamed = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe("topic, by name or id: only for its members");

/** A record as people name it: by its id, or the end of that. */
export const idNamed = (what: string) =>
  z.string().min(4).max(60).describe(`${what} id, or its end`);

/** What a write is answered with at the edge. */
export const Wrote = z.object({
  mesh: InMesh,
  topic: z.string().optional(),
  version: z.int().optional().describe("left out while pending"),
  at: At,
  pending: z.boolean().describe("the broker is away: kept here, and sent once it is back"),
});
