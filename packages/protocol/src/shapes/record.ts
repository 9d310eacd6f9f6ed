import { z } from "zod";
import { At } from "../bytes.ts";
import { ApiKeyId, MemberId, RecordId, TopicId } from "../ids.ts";
import { Json } from "../json.ts";
import { RecordSigned } from "../statements/record.ts";

/** What a record is kept under: a key that people choose, an id drawn for it, or the member who writes it. */
export type RecordKeyRule = "key" | "id" | "member";

/** What an operation that writes shared data does to its record. */
export interface RecordRule {
  readonly key: RecordKeyRule;
  /** how the record stands afterwards; `gone` is what was deleted */
  readonly status: string;
  /** how it must stand before; left out: however it stands, also where there is none */
  readonly from?: readonly string[];
  /** the statement is added to those before it, instead of taking their place */
  readonly adds?: true;
  /** only who wrote the statement before may write this one */
  readonly byLast?: true;
  /** the fields that full-text search finds it by */
  readonly words?: readonly string[];
}

/** Who wrote without a member's signature: a program with an API key, by the broker's word. */
export const RecordVia = z.object({ key: ApiKeyId, name: z.string().max(60) });

/** One write as the broker keeps it: which operation, with which input, by whom. */
export const Written = z.object({
  id: RecordId,
  op: z.string().max(60),
  input: z.record(z.string(), Json),
  by: MemberId.describe("its author; of a program, whose key it is"),
  via: RecordVia.optional(),
  signed: RecordSigned.optional(),
  at: At.describe("when the broker took it"),
});
export type Written = z.infer<typeof Written>;

/** A record of shared data: what was written last under its key, or everything that made it what it is. */
export const MeshRecord = z
  .object({
    noun: z.string().max(30),
    key: z.string().max(300),
    topic: TopicId.optional().describe("left out: the whole mesh's"),
    version: z.int().min(1).describe("place in the log of its last change"),
    status: z.string().max(30),
    written: z.array(Written).min(1).max(20),
  })
  .meta({ id: "MeshRecord" });
export type MeshRecord = z.infer<typeof MeshRecord>;

/** A record's change as the log tells it; its version is the entry's seq. */
export const RecordNews = MeshRecord.omit({ version: true });
export type RecordNews = z.infer<typeof RecordNews>;

/** What is answered to a write. */
export const RecordAck = z.object({
  key: z.string(),
  topic: TopicId.optional(),
  version: z.int(),
  replaced: z.int().describe("the version before; 0 where there was none"),
  at: At,
});
export type RecordAck = z.infer<typeof RecordAck>;

/** How far an author is proven: signed by a member; by one who is out since or with keys that were replaced, so that the time is not provable; by the broker's word; not what it claims to be. */
export const RecordProof = z.enum(["signed", "time_unproven", "unsigned", "bad"]);
export type RecordProof = z.infer<typeof RecordProof>;

/** Who wrote something, as it is shown. */
export const RecordAuthor = z.object({
  member: MemberId,
  name: z.string(),
  apiKey: ApiKeyId.optional(),
  proof: RecordProof,
});
export type RecordAuthor = z.infer<typeof RecordAuthor>;

/** What every record says of itself where it is shown. */
export const ShownRecord = z.object({
  topic: z.string().optional().describe("the topic whose members see it; left out: everyone"),
  version: z.int().optional().describe("left out while it was never at the broker"),
  author: RecordAuthor,
  at: At,
  pending: z.boolean().describe("written here, and not at the broker yet"),
});
export type ShownRecord = z.infer<typeof ShownRecord>;

/** What every answer of a read says of how it was come by. */
export const RecordAge = z.object({
  ageMs: z.int().min(0).describe("0 is by the broker just now; else how old what is kept here is"),
});
