import { z } from "zod";
import { Audience } from "../audience.ts";
import { At } from "../bytes.ts";
import { JobId, MemberId, MessageId } from "../ids.ts";
import { limits } from "../limits.ts";
import { ApiKeyName } from "./api-key.ts";

/** How a person names a job. */
export const JobEnd = z.string().min(4).max(60).describe("id, or its end");

/** Whom the broker is to tell, as a program names it; a device gives ids. */
export const JobTarget = z
  .string()
  .min(1)
  .max(200)
  .describe("a topic as #name or by id, a member by name or id, @group, or *; left out: yourself");

/** Where the broker goes for a member. */
export const JobUrl = z
  .string()
  .max(2_000)
  .regex(/^https?:\/\/[^\s\\]+$/i, "expected an http or https URL")
  .describe("http or https URL on the public internet");

/** How a job is shown to those whom it tells something. */
export const JobName = ApiKeyName.describe("name that its messages are shown under");

/** Header fields that go with a request. */
export const JobHeaders = z
  .record(
    z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "not the name of a header field"),
    z
      .string()
      .max(2_000)
      .regex(/^[\t\x20-\x7e]*$/, "a header's value is one line of ASCII"),
  )
  .refine((headers) => Object.keys(headers).length <= 20, "more than 20 headers")
  .describe("header fields that go with it; their values are not shown again");

/** When a schedule is due: once, or by a cron expression. */
export const CronText = z
  .string()
  .max(100)
  .regex(/^[0-9A-Za-z*,/#?L -]+$/, "not a cron expression of five fields")
  .describe("five fields: minute, hour, day, month, weekday");

export const ZoneName = z
  .string()
  .max(60)
  .regex(/^[A-Za-z0-9_+/-]+$/, "not the name of a time zone")
  .describe("time zone of the cron expression, such as Europe/Berlin; left out: UTC");

/** What became of a job's last run. */
export const JobRun = z.object({
  at: At,
  ok: z.boolean(),
  said: z.string().describe("what happened, in a few words"),
});
export type JobRun = z.infer<typeof JobRun>;

const common = {
  id: JobId,
  author: MemberId,
  createdAt: At,
  fails: z.int().min(0).describe("failures in a row"),
  last: JobRun.optional(),
  stopped: z.string().optional().describe("why the broker does it no more"),
};

/** Something that the broker does at a time. */
export const ScheduleInfo = z.object({
  ...common,
  what: z.enum(["message", "webhook"]),
  to: Audience.optional().describe("of a message: whom it goes to"),
  text: z.string().optional(),
  url: z.string().optional().describe("of a webhook: where it is posted to"),
  cron: z.string().optional(),
  zone: z.string().optional(),
  next: z.array(At).describe("when it is due, the next times"),
});
export type ScheduleInfo = z.infer<typeof ScheduleInfo>;

export const WatchMode = z.enum(["hash", "json", "status"]);
export const WatchOn = z.enum(["change", "match", "not_match"]);

/** A URL that the broker looks at again and again. */
export const WatchInfo = z.object({
  ...common,
  name: z.string(),
  url: z.string(),
  everyMs: z.int(),
  mode: WatchMode,
  on: WatchOn,
  path: z.string().optional().describe("of json: what is looked at"),
  value: z.string().optional().describe("of match and not_match: what it is compared with"),
  headers: z.array(z.string()).describe("names of the header fields that go with it"),
  to: Audience,
  next: At.optional().describe("when it is looked at next"),
});
export type WatchInfo = z.infer<typeof WatchInfo>;

/** A URL that other systems post to. */
export const WebhookInfo = z.object({
  ...common,
  name: z.string(),
  to: Audience,
  url: z.string().describe("where to post to"),
});
export type WebhookInfo = z.infer<typeof WebhookInfo>;

/** What a webhook answers: what came was taken, and under which id it is told. */
export const WebhookTaken = z.object({ id: MessageId, repeated: z.boolean() });

/** The simulation clock of a mesh. */
export const ClockState = z.object({
  running: z.boolean(),
  speed: z.int().min(1).max(100).describe("simulated minutes per minute"),
  tick: z.int().min(0).describe("ticks so far, each a simulated minute"),
  time: At.describe("simulated time"),
  paused: z.string().optional().describe("why it does not run"),
});
export type ClockState = z.infer<typeof ClockState>;

/** characters of what a job says or sends */
export const JobText = z
  .string()
  .max(limits.jobText)
  .regex(/\S/, "says nothing")
  .describe("what to say; the broker can read it");
