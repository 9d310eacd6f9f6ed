import { z } from "zod";
import { At } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { MemberId, TopicId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { MeshTarget } from "../shapes/target.ts";
import { StreamItem, StreamName } from "../statements/stream.ts";
import { topicNamed } from "./record-parts.ts";

const topic = TopicId.optional().describe("only for the members of this topic");
const OfStream = z.strictObject({ name: StreamName, topic });
const Named = MeshTarget.extend({ name: StreamName, topic: topicNamed });
const StreamInfo = z.object({ name: StreamName, topic, by: MemberId, createdAt: At });
const Shown = z.object({
  name: StreamName,
  topic: z.string().optional().describe("name of the topic that it is for"),
  by: z.string(),
  createdAt: At,
});
const done = z.object({ name: StreamName });

export const create = op({
  name: "stream.create",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "state", reach: "topic" },
  summary: "Make a stream: what is published to it goes to who listens then",
  input: OfStream,
  output: StreamInfo,
  errors: ["exhausted", "exists", "forbidden", "not_found"],
  open: { input: Named, output: Shown },
  cli: { args: ["name"], example: "builds" },
  tool: "create_stream",
});

/** `delete` is a word of the language; the family's member is `del`. */
export const del = op({
  name: "stream.delete",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  summary: "Delete a stream that you made, or any as an admin",
  input: OfStream,
  output: done,
  errors: ["forbidden", "not_found"],
  open: { input: Named, output: done },
  cli: { args: ["name"], example: "builds" },
});

export const follow = op({
  name: "stream.follow",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Read what comes over a stream from now on",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["not_found"],
  open: {
    input: Named.extend({
      after: z.int().min(0).optional().describe("the place that the last answer ended at"),
      wait: Duration.optional().describe("how long to wait for the first item"),
    }),
    output: z.object({
      items: z.array(
        z.object({
          from: z.string(),
          member: MemberId,
          at: At,
          data: z.json().describe("what was published"),
        }),
      ),
      dropped: z.int().describe("items that did not come through since the last answer"),
      seq: z.int().describe("where to go on: the next answer's after"),
    }),
  },
});

export const list = op({
  name: "stream.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "state", reach: "mesh" },
  summary: "List the streams of a mesh",
  input: z.strictObject({}),
  output: z.object({ items: z.array(StreamInfo) }),
  errors: [],
  open: { input: MeshTarget, output: z.object({ items: z.array(Shown) }) },
  rest: "GET /v1/streams",
  cli: {},
  tool: "list_streams",
});

export const publish = op({
  name: "stream.publish",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "message",
  summary: "Publish JSON to a stream, for whoever listens right now",
  input: z.strictObject({ item: StreamItem }),
  output: z.object({}),
  errors: ["clock_skew", "forbidden", "not_found"],
  open: {
    input: Named.extend({
      data: z
        .string()
        .min(1)
        .max(limits.streamBytes)
        .describe("what to publish: JSON, or else taken as text"),
    }),
    output: done.extend({ at: At }),
  },
  cli: { args: ["name", "data..."], example: `builds '{"build":7,"ok":true}'` },
  tool: "publish",
});

export const subscribe = op({
  name: "stream.subscribe",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "Have what comes over a stream pushed into this agent session",
  input: OfStream,
  output: done,
  errors: ["exhausted", "forbidden", "not_found"],
  open: { input: Named, output: done },
  tool: "subscribe",
  attended: true,
});

export const take = op({
  name: "stream.take",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "none",
  summary: "Take what came over the streams of this connection",
  input: z.strictObject({
    waitMs: z.int().min(0).max(limits.streamWaitMs).describe("how long to wait for the first"),
  }),
  output: z.object({ items: z.array(StreamItem) }),
  errors: [],
});

export const unsubscribe = op({
  name: "stream.unsubscribe",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "read",
  summary: "End this agent session's subscription of a stream",
  input: OfStream,
  output: done,
  errors: [],
  open: { input: Named, output: done },
  cli: { args: ["name"], example: "builds" },
});
