import { limits, MeshError } from "@claudemesh/protocol";
import { firstTime } from "./spec.ts";

interface Asked {
  readonly at?: number | undefined;
  readonly cron?: string | undefined;
  readonly inMs?: number | undefined;
  readonly zone?: string | undefined;
}

/** When something is due first. Throws `malformed` unless there is one time, and it is to come. */
export async function dueAtOf({ at, cron, inMs, zone }: Asked, now: number): Promise<number> {
  if ([at, cron, inMs].filter((one) => one !== undefined).length !== 1) {
    throw new MeshError("malformed", "at: give one of inMs, at and cron");
  }
  if (cron === undefined && zone !== undefined) {
    throw new MeshError("malformed", "zone: it is for cron alone");
  }
  if (cron !== undefined) return await firstTime(cron, zone, now);
  const due = at ?? now + (inMs ?? 0);
  if (due > now + limits.jobAheadMs) throw new MeshError("malformed", "at: too far ahead");
  if (due < now - limits.clockSkewMs) throw new MeshError("malformed", "at: that is over");
  return due;
}
