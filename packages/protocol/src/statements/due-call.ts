import { z } from "zod";
import { At, bytesUpTo, Hash, Signature, SignKey } from "../bytes.ts";
import { DeviceId, JobId, MemberId, MeshId } from "../ids.ts";
import { limits } from "../limits.ts";
import { CronText, ZoneName } from "../shapes/job.ts";

/** What becomes of a call that is due while none of its author's devices is there. */
export const CallMissed = z
  .enum(["wait", "skip"])
  .describe("when none of your devices is there: wait, up to 7 days, or skip, with a notice");
export type CallMissed = z.infer<typeof CallMissed>;

const of = { v: z.literal(1), mesh: MeshId, member: MemberId, job: JobId };
const signed = {
  sealed: Hash.describe("SHA-256 of the ciphertext"),
  author: SignKey,
  madeAt: At,
  sig: Signature,
};

/** What a member has its own devices do at a time, but for what that is: signed, so that no broker has them do anything else, or at other times. */
export const DueCall = z
  .strictObject({
    ...of,
    at: At.optional().describe("when; or cron, with its zone"),
    cron: CronText.optional(),
    zone: ZoneName.optional(),
    missed: CallMissed,
    ...signed,
  })
  .meta({ id: "DueCall" });
export type DueCall = z.infer<typeof DueCall>;

/** That a device has done, skipped or failed to do what was due then; what came of it is sealed. */
export const CallResult = z
  .strictObject({
    ...of,
    planned: At.describe("the time for which it was done"),
    device: DeviceId,
    outcome: z.enum(["done", "failed", "skipped"]),
    ...signed,
  })
  .meta({ id: "CallResult" });
export type CallResult = z.infer<typeof CallResult>;

const sealedWith = <E extends z.ZodType>(entry: E) =>
  z.strictObject({ entry, ciphertext: bytesUpTo(limits.callSealedBytes, "ciphertext") });

export const SealedCall = sealedWith(DueCall);
export type SealedCall = z.infer<typeof SealedCall>;
export const SealedResult = sealedWith(CallResult);
export type SealedResult = z.infer<typeof SealedResult>;
