import { z } from "zod";
import { At } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { JobId, MeshId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { CallInfo } from "../shapes/call.ts";
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
import { CallMissed, SealedCall, SealedResult } from "../statements/due-call.ts";

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

const names = { inMs: "in", zone: "tz" } as const;

const Shown = ScheduleInfo.extend({
  mesh: z.object({ id: MeshId, slug: z.string() }),
  to: z.string().optional().describe("of a message: whom it goes to"),
});

/** A call of a tool as its author's devices show it. */
const Call = z.object({
  id: JobId,
  mesh: z.object({ id: MeshId, slug: z.string() }),
  tool: z.string().describe("the tool that is called, as agents know it"),
  input: z.record(z.string(), z.unknown()).describe("what it is called with"),
  missed: CallMissed,
  cron: z.string().optional(),
  zone: z.string().optional(),
  next: z.array(At).describe("when it is due, the next times"),
  waiting: At.optional().describe("the time for which it is due now and not done yet"),
  createdAt: At,
  fails: z.int().describe("failures in a row"),
  last: z
    .object({
      at: At,
      planned: At,
      outcome: z.enum(["done", "failed", "missed", "skipped"]),
      said: z.string().describe("what came of it"),
    })
    .optional(),
  stopped: z.string().optional().describe("why it is called no more"),
  problem: z.string().optional().describe("why no device of yours carries it out"),
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
  attended: true,
});

export const claim = op({
  name: "schedule.claim",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "presence",
  summary: "Take it on to do what is due, which one device does at a time",
  input: z.strictObject({ id: JobId, planned: At }),
  output: z.object({
    granted: z.boolean(),
    isOver: z.boolean().describe("it is not to be done any more"),
    until: At.optional().describe("when who has it counts as lost"),
    before: z.boolean().describe("another device had it and was lost"),
  }),
  errors: [],
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
    names,
  },
  rest: "POST /v1/schedules",
  cli: { args: ["text..."], example: "stand up --in 10m", alias: ["remind", "schedule msg"] },
  tool: "schedule_reminder",
  attended: true,
});

export const finish = op({
  name: "schedule.finish",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "presence",
  summary: "Say what came of what was due",
  input: z.strictObject({ result: SealedResult }),
  output: z.object({ kept: z.boolean().describe("it was waited for") }),
  errors: [],
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
  output: z.object({
    items: z.array(ScheduleInfo),
    calls: z.array(CallInfo).describe("what your own devices do"),
  }),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({
      items: z.array(Shown),
      calls: z.array(Call).describe("tools that your own devices call"),
    }),
  },
  rest: "GET /v1/schedules",
  cli: { alias: ["remind list"] },
  tool: "list_scheduled",
});

export const tool = op({
  name: "schedule.tool",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  summary: "Have your own device call a tool at a time, once or again",
  input: z.strictObject({ call: SealedCall }),
  output: CallInfo,
  errors: ["conflict", "exhausted"],
  open: {
    input: MeshTarget.extend({
      tool: z.string().min(1).max(60).describe("name of the tool, such as send_message"),
      input: z
        .string()
        .max(limits.callBytes)
        .default("{}")
        .describe("what it is called with, as JSON; - reads standard input"),
      missed: CallMissed.default("wait"),
      ...When,
    }),
    output: Call,
    names,
  },
  rest: "POST /v1/schedules/tools",
  cli: {
    args: ["tool"],
    example: `set_summary --input '{"summary":"standup"}' --in 1h`,
  },
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
    names,
  },
  cli: { args: ["url"], example: 'https://ci.example.com/run --cron "0 3 * * *"' },
});
