import { z } from "zod";
import { At } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { JobId, MeshId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import {
  CronText,
  JobEnd,
  JobTarget,
  JobText,
  JobUrl,
  ScheduleInfo,
  ZoneName,
} from "../shapes/job.ts";
import { MeshTarget } from "../shapes/target.ts";

const When = {
  in: Duration.optional().describe("how long from now, such as 10m"),
  at: z
    .string()
    .max(40)
    .optional()
    .describe("when, such as 2026-12-24T18:00 or 18:00, in this machine's time zone"),
  cron: CronText.optional(),
  tz: ZoneName.optional().describe(
    "time zone of --cron, such as Europe/Berlin; left out: this machine's",
  ),
};

const Shown = ScheduleInfo.extend({
  mesh: z.object({ id: MeshId, slug: z.string() }),
  to: z.string().optional().describe("of a message: whom it goes to"),
});

export const cancel = op({
  name: "schedule.cancel",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  key: { needs: "send", reach: "mesh" },
  summary: "Cancel a reminder or another thing scheduled",
  input: z.strictObject({ id: JobId }),
  output: z.object({ id: JobId }),
  errors: ["not_found"],
  open: { input: MeshTarget.extend({ id: JobEnd }), output: z.object({ id: JobId }) },
  rest: "DELETE /v1/schedules/{id}",
  cli: { args: ["id"], alias: ["remind cancel"] },
  tool: "cancel_scheduled",
});

export const create = op({
  name: "schedule.create",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  key: { needs: "send", reach: "mesh" },
  summary: "Have the broker say something at a time, once or again and again",
  input: z.strictObject({
    id: JobId.optional().describe("drawn by the caller, so that it can ask again"),
    to: JobTarget.optional(),
    text: JobText.optional().describe("what to say; or give url"),
    url: JobUrl.optional().describe("where to post to, in place of saying something"),
    body: z.string().max(limits.jobText).optional().describe("what is posted to the url; JSON"),
    inMs: z.int().min(0).max(limits.jobAheadMs).optional().describe("how long from now, ms"),
    at: At.optional(),
    cron: CronText.optional(),
    zone: ZoneName.optional(),
  }),
  output: ScheduleInfo,
  errors: ["ambiguous", "conflict", "exhausted", "no_recipient"],
  open: {
    input: MeshTarget.extend({
      text: JobText,
      to: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe("member, @group, #topic or *; left out: yourself"),
      ...When,
    }),
    output: Shown,
  },
  rest: "POST /v1/schedules",
  cli: { args: ["text..."], alias: ["remind", "schedule msg"] },
  tool: "schedule_reminder",
});

export const list = op({
  name: "schedule.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "mesh" },
  summary: "List what you have scheduled",
  input: z.strictObject({}),
  output: z.object({ items: z.array(ScheduleInfo) }),
  errors: [],
  open: { input: MeshTarget, output: z.object({ items: z.array(Shown) }) },
  rest: "GET /v1/schedules",
  cli: { alias: ["remind list"] },
  tool: "list_scheduled",
});

export const webhook = op({
  name: "schedule.webhook",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Have the broker post to a URL at a time and tell you the answer",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["conflict", "exhausted"],
  open: {
    input: MeshTarget.extend({
      url: JobUrl,
      body: z.string().max(limits.jobText).optional().describe("what is posted, as JSON"),
      ...When,
    }),
    output: Shown,
  },
  cli: { args: ["url"] },
});
