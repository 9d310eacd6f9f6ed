import { z } from "zod";
import { JobId, MeshId } from "../ids.ts";
import { op } from "../op.ts";
import { JobEnd, JobName, JobTarget, WebhookInfo } from "../shapes/job.ts";
import { MeshTarget } from "../shapes/target.ts";

const Secret = z.string().describe("with which posts are signed; shown this once");
const Shown = WebhookInfo.extend({
  mesh: z.object({ id: MeshId, slug: z.string() }),
  to: z.string(),
});

export const create = op({
  name: "webhook.create",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  needs: "webhooks",
  key: { needs: "admin", reach: "mesh" },
  summary: "Make a URL whose signed posts of others become messages",
  input: z.strictObject({
    name: JobName,
    to: JobTarget.optional(),
  }),
  output: WebhookInfo.extend({ secret: Secret }),
  errors: ["ambiguous", "conflict", "exhausted", "no_recipient"],
  open: {
    input: MeshTarget.extend({
      name: JobName,
      to: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe("member, @group, #topic or *; left out: yourself"),
    }),
    output: Shown.extend({ secret: Secret }),
  },
  rest: "POST /v1/webhooks",
  cli: { args: ["name"], example: "GitHub --to '#deploys'" },
  tool: "create_webhook",
});

export const del = op({
  name: "webhook.delete",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  needs: "webhooks",
  key: { needs: "admin", reach: "mesh" },
  summary: "Take a webhook's URL away",
  input: z.strictObject({ id: JobId }),
  output: z.object({ id: JobId }),
  errors: ["not_found"],
  open: { input: MeshTarget.extend({ id: JobEnd }), output: z.object({ id: JobId }) },
  rest: "DELETE /v1/webhooks/{id}",
  cli: { args: ["id"], asks: "Refuse what is posted to this webhook from now on?" },
  tool: "delete_webhook",
});

export const list = op({
  name: "webhook.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  needs: "webhooks",
  key: { needs: "admin", reach: "mesh" },
  summary: "List the mesh's webhooks",
  input: z.strictObject({}),
  output: z.object({ items: z.array(WebhookInfo) }),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({ items: z.array(Shown.extend({ by: z.string().describe("who made it") })) }),
  },
  rest: "GET /v1/webhooks",
  cli: {},
  tool: "list_webhooks",
});
