import { z } from "zod";
import { Audience } from "../audience.ts";
import { At } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { FileId, MemberId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { FileInfo, FileTransfer } from "../shapes/file.ts";
import { MeshTarget } from "../shapes/target.ts";
import { FileManifest, FileNews, FileSealRow, FileShared, FileTag } from "../statements/file.ts";

const Ticket = z.string().max(1_000).describe("bearer token of the route for its bytes");
const Totals = z.object({
  files: z.int(),
  bytes: z.int().describe("of their ciphertext"),
});
const OfFile = z.strictObject({ id: FileId });
const Named = MeshTarget.extend({
  id: z.string().min(4).max(60).describe("file id, or its end"),
});
const Peers = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(limits.fileRecipients)
  .describe("members that it is sealed to");

export const begin = op({
  name: "file.begin",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  summary: "Begin or go on with an upload of a file's ciphertext",
  input: z.strictObject({ id: FileId, bytes: FileManifest.shape.bytes }),
  output: z.object({
    ticket: Ticket,
    expiresAt: At,
    partBytes: z.int(),
    parts: z.array(z.int()).describe("numbers of the parts that are there"),
  }),
  errors: ["conflict", "exhausted"],
});

export const del = op({
  name: "file.delete",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  summary: "Delete a shared file for everyone",
  input: OfFile.extend({
    unfinished: z.boolean().optional().describe("only an upload of one's own that was not shared"),
  }),
  output: OfFile,
  errors: ["not_found"],
  open: { input: Named, output: OfFile.extend({ name: z.string().optional() }) },
  cli: { args: ["id"], confirm: "id" },
  tool: "delete_file",
});

export const get = op({
  name: "file.get",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "Fetch a shared file and check it",
  input: OfFile,
  output: FileNews.extend({ ticket: Ticket, expiresAt: At }),
  errors: ["conflict", "exists", "not_found", "not_writable", "cancelled"],
  open: {
    input: Named.extend({
      out: z.string().min(1).max(4_096).default(".").describe("file or folder to write to"),
      overwrite: z.boolean().default(false).describe("replace a file that is there"),
    }),
    output: FileInfo.extend({ path: z.string() }),
  },
  cli: { args: ["id"], here: ["out"] },
  tool: "get_file",
});

export const grant = op({
  name: "file.grant",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  summary: "Give more members access to a file of yours",
  input: OfFile.extend({ rows: z.array(FileSealRow).min(1).max(limits.fileRecipients) }),
  output: z.object({ id: FileId, granted: z.int() }),
  errors: ["not_found", "no_recipient", "ambiguous"],
  open: {
    input: Named.extend({ to: Peers }),
    output: z.object({ id: FileId, granted: z.int(), to: z.array(z.string()) }),
  },
  cli: { args: ["id"], example: "3f2a91bc --to bob" },
  tool: "grant_file_access",
  attended: true,
});

export const list = op({
  name: "file.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "any" },
  summary: "List the shared files that you may open",
  input: z.strictObject({
    to: Audience.optional().describe("only those for everyone, `*`, or a topic, `t:<topic id>`"),
    author: MemberId.optional().describe("only what this member shared"),
    recipient: MemberId.optional().describe(
      "only those sealed to this member by name: one's own files, or oneself",
    ),
    before: z.int().min(1).optional().describe("goes on below this place"),
    totals: z.boolean().optional().describe("also how many there are in all"),
  }),
  output: z.object({
    items: z.array(FileNews.extend({ seq: z.int() })),
    before: z.int().optional().describe("there is more: give it to go on"),
    total: Totals.optional(),
  }),
  errors: ["not_found", "no_recipient", "ambiguous"],
  open: {
    input: MeshTarget.extend({
      topic: z.string().min(1).max(60).optional().describe("only those of this topic"),
      from: z.string().min(1).max(200).optional().describe("only of this peer; me for your own"),
      to: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe("only sealed to this peer by name, me for yourself, or `*`: for everyone"),
      tag: FileTag.optional().describe("only with this tag"),
      limit: z.int().min(1).max(1_000).default(100).describe("at most so many"),
      before: z.int().min(1).optional().describe("goes on below this place"),
    }),
    output: z.object({
      items: z.array(FileInfo),
      before: z.int().optional().describe("there is more: give it to go on"),
      total: Totals.optional().describe("of all, by the broker's word; not counted with a tag"),
      pending: z.array(FileTransfer).describe("what waits here to be uploaded"),
      ignored: z.int().describe("files whose signature or key did not hold"),
    }),
  },
  cli: {},
  rest: "GET /v1/files",
  tool: "list_files",
});

export const progress = op({
  name: "file.progress",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Show which files are on their way",
  input: z.strictObject({}),
  output: z.object({}),
  errors: [],
  open: { input: z.strictObject({}), output: z.object({ items: z.array(FileTransfer) }) },
  cli: {},
});

export const share = op({
  name: "file.share",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  summary: "Encrypt a file here and share it with peers, a topic or the mesh",
  input: z.strictObject({
    manifest: FileManifest,
    shared: FileShared.optional(),
    rows: z.array(FileSealRow).max(limits.fileRecipients + 1),
  }),
  output: z.object({ id: FileId }),
  errors: [
    "ambiguous",
    "cancelled",
    "clock_skew",
    "conflict",
    "exhausted",
    "no_recipient",
    "not_found",
  ],
  open: {
    input: MeshTarget.extend({
      path: z.string().min(1).max(4_096).describe("path of the file"),
      to: Peers.optional().describe("members that it is sealed to; left out, the topic or mesh"),
      topic: z.string().min(1).max(60).optional().describe("topic that it is shared in"),
      ephemeral: Duration.optional().describe("how long it is kept, such as 1h; else for good"),
      tags: z.array(FileTag).max(16).default([]).describe("words by which it is found"),
    }),
    output: z.object({
      id: FileId,
      name: z.string(),
      bytes: z.int(),
      to: z.string(),
      state: z.enum(["shared", "pending"]).describe("pending: goes up when the broker is there"),
    }),
  },
  cli: { args: ["path"], example: "./report.pdf --to bob", alias: ["file put"], here: ["path"] },
  tool: "share_file",
});

export const status = op({
  name: "file.status",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "Show what a file is and, of your own, who downloaded it and when",
  input: OfFile,
  output: FileNews.extend({
    recipients: z.array(MemberId).describe("members that it was sealed to"),
    downloads: z.array(z.object({ member: MemberId, count: z.int(), firstAt: At, lastAt: At })),
  }),
  errors: ["not_found"],
  open: {
    input: Named,
    output: FileInfo.extend({
      recipients: z.array(z.string()),
      downloads: z
        .array(z.object({ name: z.string(), count: z.int(), firstAt: At, lastAt: At }))
        .describe("by the broker's word"),
    }),
  },
  cli: { args: ["id"], alias: ["file info"] },
  tool: "file_status",
});
