import { type CallInfo, DeviceId, type SealedCall, SealedResult } from "@claudemesh/protocol";
import { z } from "zod";
import type { JobRow } from "../../store/jobs-port.ts";
import { timesFrom } from "./spec.ts";

/** How a call stands that a member's own devices carry out. */
export const CallState = z.object({
  /** the time for which it is due now, and which device has taken it on until when */
  waiting: z
    .object({
      planned: z.number(),
      device: DeviceId.optional(),
      until: z.number().optional(),
      /** who had it before was lost */
      isSecond: z.boolean().optional(),
    })
    .optional(),
  last: z
    .object({ at: z.number(), planned: z.number(), result: SealedResult.optional() })
    .optional(),
  /** it is due no more, and kept so that its end can be seen */
  isOver: z.literal(true).optional(),
});
export type CallState = z.infer<typeof CallState>;

export const callState = ({ state }: JobRow): CallState => CallState.parse(JSON.parse(state));

/** A call as its author's devices are told of it. */
export async function describeCall(row: JobRow, call: SealedCall): Promise<CallInfo> {
  const { last, waiting } = callState(row);
  return {
    id: row.id,
    author: row.author,
    createdAt: row.createdAt,
    call,
    next: await timesFrom(row.plannedAt, call.entry),
    fails: row.fails,
    ...(waiting === undefined ? {} : { waiting: waiting.planned }),
    ...(last === undefined ? {} : { last }),
    ...(row.stopped === null ? {} : { stopped: row.stopped }),
  };
}
