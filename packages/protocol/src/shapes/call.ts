import { z } from "zod";
import { At } from "../bytes.ts";
import { JobId, MemberId } from "../ids.ts";
import { SealedCall, SealedResult } from "../statements/due-call.ts";

/** What a broker tells a member's devices of a call: that it is due, what one of them made of it, or that none was there in time. */
export const CallNews = z.object({
  job: JobId,
  planned: At.describe("the time for which it is due"),
  call: SealedCall.optional().describe("what is due"),
  result: SealedResult.optional().describe("what came of it"),
  missed: z.literal(true).optional().describe("none was there in time"),
  stopped: z.literal(true).optional().describe("it failed too often and is due no more"),
});
export type CallNews = z.infer<typeof CallNews>;

/** Something that a member's own devices do at a time, as the broker knows it. */
export const CallInfo = z.object({
  id: JobId,
  author: MemberId,
  createdAt: At,
  call: SealedCall,
  next: z.array(At).describe("when it is due, the next times"),
  waiting: At.optional().describe("the time for which it is due now and not done yet"),
  fails: z.int().min(0).describe("failures in a row"),
  last: z
    .object({ at: At, planned: At, result: SealedResult.optional() })
    .optional()
    .describe("the last time that it was due, and what came of it; left out: none was there"),
  stopped: z.string().optional().describe("why it is due no more"),
});
export type CallInfo = z.infer<typeof CallInfo>;
