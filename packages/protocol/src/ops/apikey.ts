import { z } from "zod";
import { At, Hash } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { ApiKeyId, MeshId, TopicId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { ApiKeyCapability, ApiKeyInfo, ApiKeyName, apiKeyCapabilities } from "../shapes/api-key.ts";
import { MeshTarget } from "../shapes/target.ts";

const list_ = (what: string, most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .transform((text) => [...new Set(text.split(/[\s,]+/).filter((word) => word !== ""))])
    .describe(what);

const Capabilities = list_(`${apiKeyCapabilities.join(", ")}, apart by commas`, 100).pipe(
  z.array(ApiKeyCapability).min(1),
);

export const create = op({
  name: "apikey.create",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  needs: "settings",
  key: { needs: "admin", reach: "mesh" },
  summary: "Make a key for a program that speaks HTTP",
  input: z.strictObject({
    id: ApiKeyId,
    hash: Hash.describe("SHA-256 of the secret, which the broker is not given"),
    name: ApiKeyName,
    capabilities: z.array(ApiKeyCapability).min(1).max(apiKeyCapabilities.length),
    topics: z.array(TopicId).min(1).max(limits.apiKeyTopics).optional().describe("left out: all"),
    expiresAt: At.optional().describe("left out: never"),
  }),
  output: ApiKeyInfo,
  errors: ["ambiguous", "conflict", "exhausted", "exists", "not_found"],
  open: {
    input: MeshTarget.extend({
      name: ApiKeyName,
      cap: Capabilities.prefault("send,read"),
      topic: list_(
        "topics that it is for, apart by commas; left out: the whole mesh",
        2_000,
      ).optional(),
      expires: Duration.optional().describe(
        "how long it is good for, such as 90d; left out: for ever",
      ),
      bot: z
        .boolean()
        .default(false)
        .describe("make a member with keys of its own instead, which reads and writes end to end"),
    }),
    output: z.object({
      id: z.string().describe("key id; of a bot, the member's"),
      secret: z.string().optional().describe("shown this once"),
      name: z.string(),
      mesh: z.object({ id: MeshId, slug: z.string() }),
      broker: z.string().describe("URL to speak to"),
      capabilities: z.array(ApiKeyCapability).optional(),
      topics: z.array(z.string()).optional(),
      expiresAt: At.optional(),
      home: z.string().optional().describe("of a bot: the folder with its keys"),
    }),
  },
  cli: { args: ["name"], asks: "Make a key with which a program acts for you?" },
});

export const list = op({
  name: "apikey.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  needs: "settings",
  key: { needs: "admin", reach: "mesh" },
  summary: "List the keys of programs, and when each was last used",
  input: z.strictObject({}),
  output: z.object({ items: z.array(ApiKeyInfo) }),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({
      items: z.array(
        ApiKeyInfo.omit({ topics: true }).extend({
          by: z.string().describe("name of its owner"),
          topics: z.array(z.string()).optional().describe("names; left out: the whole mesh"),
        }),
      ),
    }),
  },
  rest: "GET /v1/apikeys",
  cli: {},
});

export const revoke = op({
  name: "apikey.revoke",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  needs: "settings",
  key: { needs: "admin", reach: "mesh" },
  summary: "Make a key worthless at once",
  input: z.strictObject({
    id: z
      .string()
      .regex(/^(key_)?[0-9a-f-]{6,36}$/, "expected a key's id, or the first 6 or more digits of it")
      .describe("key id, or the first 6 or more digits of it"),
  }),
  output: z.object({ id: ApiKeyId, result: z.literal("revoked"), name: z.string() }),
  errors: ["ambiguous", "not_found"],
  cli: { args: ["id"], asks: "Refuse whatever uses this key from now on?" },
});
