import { z } from "zod";
import { op } from "../op.ts";
import { RecordAck, RecordAge, ShownRecord } from "../shapes/record.ts";
import { MeshTarget } from "../shapes/target.ts";
import {
  InMesh,
  plainRecord,
  recordErrors,
  recordMore,
  recordPage,
  signed,
  tags,
  Wrote,
} from "./record-parts.ts";

const summary = z
  .string()
  .min(1)
  .max(4_000)
  .describe("what you are at, and what others should know");
const files = z
  .array(z.string().min(1).max(500))
  .max(200)
  .optional()
  .describe("paths of files that you have read or changed");
const findings = z
  .array(z.string().min(1).max(2_000))
  .max(50)
  .optional()
  .describe("what you have found out, one sentence each");
const query = z.string().min(1).max(500).describe("a path or what it is about");
const Plain = z.object({
  ...plainRecord,
  summary: z.string().optional(),
  files,
  findings,
  tags,
});
const Shown = ShownRecord.extend({
  summary: z.string(),
  files: z.array(z.string()),
  findings: z.array(z.string()),
  tags: z.array(z.string()),
  mesh: InMesh,
});

export const get = op({
  name: "context.get",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "state", reach: "mesh" },
  summary: "Find what members know of a path or subject",
  input: z.strictObject({ query, limit: recordPage.limit }),
  output: z.object({ items: z.array(Plain), ...recordMore }),
  errors: ["forbidden"],
  open: {
    input: MeshTarget.extend({ query }),
    output: z.object({ items: z.array(Shown), ...RecordAge.shape }),
  },
  rest: "GET /v1/contexts/search",
  cli: { args: ["query..."], example: "src/store.ts" },
  tool: "get_context",
});

export const list = op({
  name: "context.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "state", reach: "mesh" },
  summary: "List what members have shared of their work",
  input: z.strictObject(recordPage),
  output: z.object({ items: z.array(Plain), ...recordMore }),
  errors: ["forbidden"],
  open: {
    input: MeshTarget,
    output: z.object({ items: z.array(Shown), ...RecordAge.shape }),
  },
  rest: "GET /v1/contexts",
  cli: {},
  tool: "list_contexts",
});

export const share = op({
  name: "context.share",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "state", reach: "mesh" },
  record: { key: "member", status: "shared", words: ["summary", "files", "findings", "tags"] },
  summary: "Share what you work on, in place of what you shared before",
  input: z.strictObject({ summary, files, findings, tags, signed }),
  output: RecordAck,
  errors: [...recordErrors, "conflict"],
  open: { input: MeshTarget.extend({ summary, files, findings, tags }), output: Wrote },
  rest: "PUT /v1/contexts",
  cli: { args: ["summary..."], example: "reading the store --files src/store.ts" },
  tool: "share_context",
});
