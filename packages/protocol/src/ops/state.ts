import { z } from "zod";
import { TopicId } from "../ids.ts";
import { Json } from "../json.ts";
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
  topicNamed,
  Wrote,
} from "./record-parts.ts";

/** What state is kept under. */
const StateKey = z
  .string()
  .regex(/^[^\s\p{C}]{1,200}$/u, "a key is 1 to 200 characters without spaces")
  .describe("key");

const value = Json;
const topic = TopicId.optional().describe("only for the members of this topic");
const ifVersion = z
  .int()
  .min(0)
  .optional()
  .describe("only if it is at this version still; 0: only if it is not there");
const seen = z.int().min(0).optional().describe("the version that its author knew of");

const Shown = ShownRecord.extend({ key: z.string(), value });
/** As a program reads it; a device is given the record itself, with its author's signature. */
const Plain = z.object({ ...plainRecord, value: value.optional() });

/** `delete` is a word of the language; the family's member is `del`. */
export const del = op({
  name: "state.delete",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "state", reach: "topic" },
  record: { key: "key", status: "gone", from: ["set"] },
  summary: "Delete a key of the shared state",
  input: z.strictObject({ key: StateKey, topic, ifVersion, signed }),
  output: RecordAck,
  errors: [...recordErrors, "conflict", "not_found"],
  open: {
    input: MeshTarget.extend({ key: StateKey, topic: topicNamed, ifVersion }),
    output: Wrote.extend({ key: z.string() }),
  },
  rest: "DELETE /v1/state/{key}",
  cli: { args: ["key"], example: "release" },
});

export const get = op({
  name: "state.get",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "state", reach: "topic" },
  summary: "Read a key of the shared state",
  input: z.strictObject({ key: StateKey, topic }),
  output: Plain,
  errors: ["forbidden", "not_found"],
  open: {
    input: MeshTarget.extend({ key: StateKey, topic: topicNamed }),
    output: Shown.extend({ mesh: InMesh, ...RecordAge.shape }),
  },
  rest: "GET /v1/state/{key}",
  cli: { args: ["key"], example: "release" },
  tool: "get_state",
});

export const list = op({
  name: "state.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "state", reach: "topic" },
  summary: "List the shared state",
  input: z.strictObject({ topic, ...recordPage }),
  output: z.object({ items: z.array(Plain), ...recordMore }),
  errors: ["forbidden", "not_found"],
  open: {
    input: MeshTarget.extend({
      topic: topicNamed,
      prefix: z.string().min(1).max(200).optional().describe("only keys that begin with this"),
    }),
    output: z.object({ items: z.array(Shown.extend({ mesh: InMesh })), ...RecordAge.shape }),
  },
  rest: "GET /v1/state",
  cli: {},
  tool: "list_state",
});

export const set = op({
  name: "state.set",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "state", reach: "topic" },
  record: { key: "key", status: "set" },
  summary: "Set a key of the shared state, which everyone is told",
  input: z.strictObject({ key: StateKey, value, topic, ifVersion, seen, signed }),
  output: RecordAck,
  errors: [...recordErrors, "conflict", "not_found"],
  open: {
    input: MeshTarget.extend({
      key: StateKey,
      value: z.string().max(64_000).describe("value: JSON, or else text"),
      topic: topicNamed,
      ifVersion,
    }),
    output: Wrote.extend({ key: z.string(), value }),
  },
  rest: "PUT /v1/state/{key}",
  cli: { args: ["key", "value"], example: "release 1.3" },
  tool: "set_state",
});
