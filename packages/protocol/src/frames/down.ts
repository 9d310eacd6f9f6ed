import { z } from "zod";
import { At, bytes } from "../bytes.ts";
import { ErrorBody } from "../error-body.ts";
import { MeshEvent } from "../events.ts";
import { MeshId } from "../ids.ts";
import { RosterHead } from "../statements/roster.ts";

/** The first frame of every connection. */
export const ChallengeFrame = z.object({
  type: z.literal("challenge"),
  challenge: bytes(32, "challenge"),
  time: At,
  protocol: z.object({ current: z.int(), min: z.int() }),
  traces: z
    .boolean()
    .optional()
    .describe("whether a call may say where the caller's own trace stands"),
});

export type ChallengeFrame = z.infer<typeof ChallengeFrame>;

/** The hello was accepted. `from` says where the feed begins: at the client's cursor, where the broker last knew this device, or at its join. */
export const WelcomeFrame = z.object({
  type: z.literal("welcome"),
  mesh: MeshId,
  protocol: z.int(),
  time: At,
  roster: RosterHead,
  position: z.object({ epoch: z.string(), seq: z.int() }),
  headSeq: z.int(),
  from: z.enum(["cursor", "device", "start", "new_epoch"]),
  restored: z
    .object({
      base: z.int().describe("up to which seq every epoch of the log says the same"),
      confirmed: z.boolean().describe("whether an owner has confirmed the roster since"),
    })
    .optional()
    .describe("where the log goes on from a backup"),
});
export type WelcomeFrame = z.infer<typeof WelcomeFrame>;

/** The answer to a call, a receipt or a refused hello (id `hello`). */
export const ReplyFrame = z.union([
  z.object({ type: z.literal("reply"), id: z.string(), error: ErrorBody }),
  z.object({ type: z.literal("reply"), id: z.string(), output: z.unknown() }),
]);

/** A call that takes long says how far it is. */
export const ProgressFrame = z.object({
  type: z.literal("progress"),
  id: z.string(),
  done: z.number(),
  total: z.number().optional(),
  note: z.string().optional(),
});

/** Everything that a broker may send. */
export const DownFrame = z.union([
  ChallengeFrame,
  WelcomeFrame,
  ReplyFrame,
  ProgressFrame,
  MeshEvent,
]);
export type DownFrame = z.infer<typeof DownFrame>;
