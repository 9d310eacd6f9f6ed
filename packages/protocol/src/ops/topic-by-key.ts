// What API keys ask of a topic; its members' devices have other ways.
import { z } from "zod";
import { Hash } from "../bytes.ts";
import { TopicId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { KeyMessage, LogPlace } from "../shapes/api-key.ts";
import { KeyBundleRow } from "../statements/key-bundle.ts";
import { put as keysPut, wanted as keysWanted } from "./keys.ts";

const TopicTarget = z.strictObject({ topic: TopicId });

export const key = op({
  name: "topic.key",
  kind: "query",
  since: 1,
  scope: "key",
  limit: "read",
  key: { needs: "read", reach: "topic" },
  summary: "Read which key a topic's posts are sealed with now",
  input: TopicTarget,
  output: z.object({
    kind: z.enum(["mesh", "topic"]).describe("whose key it is: public topics have the mesh's"),
    version: z.int().describe("epoch of the mesh, or version of the topic's key"),
    commitment: Hash,
    rows: z.array(KeyBundleRow).describe("the key, sealed to the API key's owner"),
  }),
  errors: ["not_found"],
  rest: "GET /v1/topics/{topic}/key",
});

export const pendingSeals = op({
  name: "topic.pending_seals",
  kind: "query",
  since: 1,
  scope: "key",
  limit: "read",
  key: { needs: "read", reach: "topic" },
  summary: "Read which members wait for a topic's key",
  input: TopicTarget,
  output: keysWanted.output,
  errors: ["not_found"],
  rest: "GET /v1/topics/{topic}/pending-seals",
});

export const posts = op({
  name: "topic.posts",
  kind: "query",
  since: 1,
  scope: "key",
  limit: "read",
  key: { needs: "read", reach: "topic" },
  summary: "Read a topic's messages, in their order, oldest first",
  input: TopicTarget.extend({
    after: LogPlace.optional().describe("only what comes after this cursor"),
    before: LogPlace.optional().describe("only what comes before this cursor"),
    limit: z.int().min(1).max(limits.historyPage).default(50).describe("at most so many"),
  }),
  output: z.object({
    items: z.array(KeyMessage),
    more: z.boolean().describe("there is more in that direction"),
    after: z.string().optional().describe("cursor to give as after for what comes next"),
    before: z.string().optional().describe("cursor to give as before for what was earlier"),
  }),
  errors: ["cursor_invalid", "not_found"],
  rest: "GET /v1/topics/{topic}/messages",
});

export const seal = op({
  name: "topic.seal",
  kind: "command",
  since: 1,
  scope: "key",
  limit: "write",
  key: { needs: "send", reach: "topic" },
  summary: "Leave a topic's key, sealed for members who wait for it",
  input: TopicTarget.extend({ rows: keysPut.input.shape.rows }),
  output: keysPut.output,
  errors: ["not_found"],
  rest: "POST /v1/topics/{topic}/seal",
});
