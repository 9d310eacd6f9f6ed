import { z } from "zod";
import { Duration } from "../duration.ts";
import { JobId, MeshId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import {
  JobEnd,
  JobHeaders,
  JobName,
  JobTarget,
  JobUrl,
  WatchInfo,
  WatchMode,
  WatchOn,
} from "../shapes/job.ts";
import { MeshTarget } from "../shapes/target.ts";

const Path = z.string().min(1).max(500).describe("of json: an RFC 9535 path, such as $.status");
const Value = z.string().max(1_000).describe("what match and not_match compare with");

const Shown = WatchInfo.extend({
  mesh: z.object({ id: MeshId, slug: z.string() }),
  to: z.string(),
});

export const create = op({
  name: "watch.create",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  key: { needs: "send", reach: "mesh" },
  summary: "Have the broker look at a URL and tell when it changes",
  input: z.strictObject({
    id: JobId.optional().describe("drawn by the caller, so that it can ask again"),
    url: JobUrl,
    name: JobName.optional(),
    everyMs: z
      .int()
      .min(limits.watchEveryMs)
      .max(limits.watchEveryMostMs)
      .optional()
      .describe("how often, 5,000 to 86,400,000 ms; left out: a minute"),
    mode: WatchMode.optional().describe("left out: hash, the whole body"),
    path: Path.optional(),
    on: WatchOn.optional().describe("left out: change"),
    value: Value.optional(),
    headers: JobHeaders.optional(),
    to: JobTarget.optional(),
  }),
  output: WatchInfo,
  errors: ["ambiguous", "conflict", "exhausted", "no_recipient"],
  open: {
    input: MeshTarget.extend({
      url: JobUrl,
      name: JobName.optional(),
      every: Duration.prefault("1m").describe("how often, 5s to 24h"),
      mode: WatchMode.default("hash").describe(
        "what is looked at: the body, a JSON path, the status",
      ),
      path: Path.optional(),
      on: WatchOn.default("change").describe("when to tell"),
      value: Value.optional(),
      header: z
        .string()
        .max(10_000)
        .optional()
        .describe("header fields, name: value, one per line; - reads them from standard input"),
      to: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe("member, @group, #topic or *; left out: yourself"),
    }),
    output: Shown,
    names: { everyMs: "every", headers: "header" },
  },
  rest: "POST /v1/watches",
  cli: { args: ["url"], example: "https://status.example.com --every 5m", alias: ["watch"] },
  tool: "mesh_watch",
  attended: true,
});

export const del = op({
  name: "watch.delete",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  key: { needs: "send", reach: "mesh" },
  summary: "Stop watching a URL",
  input: z.strictObject({ id: JobId }),
  output: z.object({ id: JobId }),
  errors: ["not_found"],
  open: { input: MeshTarget.extend({ id: JobEnd }), output: z.object({ id: JobId }) },
  rest: "DELETE /v1/watches/{id}",
  cli: { args: ["id"], alias: ["watch unwatch"] },
  tool: "mesh_unwatch",
  attended: true,
});

export const list = op({
  name: "watch.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "mesh" },
  summary: "List the URLs that the broker watches for you",
  input: z.strictObject({}),
  output: z.object({ items: z.array(WatchInfo) }),
  errors: [],
  open: { input: MeshTarget, output: z.object({ items: z.array(Shown) }) },
  rest: "GET /v1/watches",
  cli: {},
  tool: "mesh_watches",
});
