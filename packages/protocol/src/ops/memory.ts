import { z } from "zod";
import { MemoryId, TopicId } from "../ids.ts";
import { op } from "../op.ts";
import { RecordAck, RecordAge, ShownRecord } from "../shapes/record.ts";
import { MeshTarget } from "../shapes/target.ts";
import {
  InMesh,
  idNamed,
  plainRecord,
  recordErrors,
  recordMore,
  recordPage,
  signed,
  tag,
  tags,
  topicNamed,
  Wrote,
} from "./record-parts.ts";

const text = z.string().min(1).max(16_000).describe("what is to be remembered");
const topic = TopicId.optional().describe("only for the members of this topic");
const query = z.string().min(1).max(500).describe("words to look for");
const id = MemoryId.describe("memory id");
const limit = z.coerce.number().int().min(1).max(500).default(20).describe("at most so many");
const Plain = z.object({ ...plainRecord, text: z.string().optional(), tags });
const Shown = ShownRecord.extend({
  id: z.string(),
  text: z.string(),
  tags: z.array(z.string()),
  mesh: InMesh,
});

export const add = op({
  name: "memory.add",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "state", reach: "topic" },
  record: { key: "id", status: "kept", words: ["text", "tags"] },
  summary: "Remember something for everyone in the mesh",
  input: z.strictObject({ text, tags, topic, signed }),
  output: RecordAck,
  errors: [...recordErrors, "conflict", "not_found"],
  open: {
    input: MeshTarget.extend({ text, tags, topic: topicNamed }),
    output: Wrote.extend({ id: z.string(), text: z.string() }),
  },
  rest: "POST /v1/memories",
  cli: {
    args: ["text..."],
    example: "the staging key is rotated on Mondays --tags ops",
    alias: ["remember"],
  },
  tool: "remember",
});

/** `delete` is a word of the language; the family's member is `del`. */
export const del = op({
  name: "memory.delete",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "state", reach: "topic" },
  record: { key: "id", status: "gone", from: ["kept"] },
  summary: "Forget a memory",
  input: z.strictObject({ id, topic, signed }),
  output: RecordAck,
  errors: [...recordErrors, "conflict", "not_found"],
  open: {
    input: MeshTarget.extend({ id: idNamed("memory"), topic: topicNamed }),
    output: Wrote.extend({ id }),
  },
  rest: "DELETE /v1/memories/{id}",
  cli: { args: ["id"], alias: ["forget"] },
  tool: "forget",
});

export const list = op({
  name: "memory.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "state", reach: "topic" },
  summary: "List what the mesh remembers, newest first",
  input: z.strictObject({ topic, tag, ...recordPage }),
  output: z.object({ items: z.array(Plain), ...recordMore }),
  errors: ["forbidden", "not_found"],
  open: {
    input: MeshTarget.extend({ topic: topicNamed, tag, limit }),
    output: z.object({ items: z.array(Shown), ...RecordAge.shape }),
  },
  rest: "GET /v1/memories",
  cli: {},
});

export const search = op({
  name: "memory.search",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "state", reach: "topic" },
  summary: "Search what the mesh remembers, best first",
  input: z.strictObject({ query, topic, tag, limit: recordPage.limit }),
  output: z.object({ items: z.array(Plain), ...recordMore }),
  errors: ["forbidden", "not_found"],
  open: {
    input: MeshTarget.extend({ query, topic: topicNamed, tag, limit }),
    output: z.object({ items: z.array(Shown), ...RecordAge.shape }),
  },
  rest: "GET /v1/memories/search",
  cli: { args: ["query..."], example: "staging key", alias: ["recall"] },
  tool: "recall",
});
