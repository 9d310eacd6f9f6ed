import { z } from "zod";
import { At } from "../bytes.ts";
import { op } from "../op.ts";
import { PeerFileEntry } from "../shapes/file.ts";
import { MeshTarget } from "../shapes/target.ts";
import { PeerFileAnswer, PeerFileAsk } from "../statements/peer-file.ts";

const nothing = { input: z.strictObject({}), output: z.object({}) };
const FolderPath = z.string().min(1).max(4_096).describe("path of a folder");
const Asked = MeshTarget.extend({
  peer: z.string().min(1).max(200).describe("whose folder"),
});
const Shared = z.object({ mesh: z.string(), path: z.string(), dotfiles: z.boolean(), at: At });
const refusals = ["ambiguous", "conflict", "no_recipient", "not_found"] as const;

export const answer = op({
  name: "peerfile.answer",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "Answer what a peer asked of this member's shared folder",
  input: z.strictObject({ answer: PeerFileAnswer }),
  output: z.object({}),
  errors: ["not_found"],
});

export const ask = op({
  name: "peerfile.ask",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "Ask a member's devices for something of its shared folder",
  input: z.strictObject({ ask: PeerFileAsk }),
  output: z.object({ answer: PeerFileAnswer }),
  errors: ["conflict", "not_found"],
});

export const list = op({
  name: "peerfile.list",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "List a folder that a peer shares while it is online",
  ...nothing,
  errors: refusals,
  open: {
    input: Asked.extend({ path: z.string().max(1_024).default("").describe("folder in it") }),
    output: z.object({
      path: z.string(),
      items: z.array(PeerFileEntry),
      more: z.boolean().describe("the folder has more entries than one answer takes"),
      local: z.string().optional().describe("where it lies, on this same machine"),
    }),
  },
  cli: { args: ["peer", "path"], example: "bob src", alias: ["file peer-list"] },
  tool: "list_peer_files",
});

export const read = op({
  name: "peerfile.read",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Read a file that a peer shares while it is online",
  ...nothing,
  errors: refusals,
  open: {
    input: Asked.extend({ path: z.string().min(1).max(1_024).describe("file in its folder") }),
    output: z.object({
      path: z.string(),
      bytes: z.int(),
      encoding: z.enum(["utf8", "base64"]),
      content: z.string(),
      local: z.string().optional().describe("where it lies, on this same machine"),
    }),
  },
  cli: { args: ["peer", "path"], example: "bob src/main.ts", alias: ["file peer-read"] },
  tool: "read_peer_file",
});

export const share = op({
  name: "peerfile.share",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Let peers with the grant file-read read a folder of yours",
  ...nothing,
  errors: ["not_found"],
  open: {
    input: MeshTarget.extend({
      path: FolderPath,
      dotfiles: z.boolean().default(false).describe("also names that begin with a dot"),
    }),
    output: Shared,
  },
  cli: { args: ["path"], example: "./src", alias: ["file peer-share"], here: ["path"] },
});

export const shared = op({
  name: "peerfile.shared",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Show which folders this home shares",
  ...nothing,
  errors: [],
  open: { input: z.strictObject({}), output: z.object({ items: z.array(Shared) }) },
  cli: { alias: ["file peer-shared"] },
});

export const unshare = op({
  name: "peerfile.unshare",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Stop sharing a folder with peers",
  ...nothing,
  errors: ["not_found"],
  open: { input: MeshTarget, output: z.object({ mesh: z.string(), path: z.string() }) },
  cli: { alias: ["file peer-unshare"] },
});
