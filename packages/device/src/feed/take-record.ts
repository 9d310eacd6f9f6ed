import type { LogEvent } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { type KnownRecord, keepRecord } from "../records/keep-record.ts";
import { allowedTo } from "../trust/keep-grants.ts";
import type { FeedScope } from "./feed-scope.ts";

type RecordEvent = Extract<LogEvent, { kind: "record" }>;

/** Takes in a change of shared data, where it is what its author signed. */
export async function takeRecord(
  ctx: DeviceContext,
  scope: FeedScope,
  { body, seq }: RecordEvent,
): Promise<void> {
  const { mesh } = scope.row;
  const isStrange = body.written.some(
    ({ signed }) => signed && ctx.rosters.of(mesh).memberByKey(signed.author) === undefined,
  );
  if (isStrange) await scope.syncRoster();
  // The feed tells what was before, too: what is known already may be newer.
  const kept = ctx.store.write(() => keepRecord(ctx, scope.row, { ...body, version: seq }, 0));
  if (body.noun === "skill") ctx.events.tell({ type: "skills_changed", mesh });
  if (kept.record.version === seq && isNews(ctx, scope, kept)) {
    const { key, noun, topic } = body;
    const place = { noun, key, ...(topic === undefined ? {} : { topic }) };
    ctx.events.tell({ type: "record_changed", mesh, ...place });
  }
  ctx.wake.now();
}

/** Whether another one did it, who may reach this member, and signed it. What this member's own program did is news too. */
function isNews(ctx: DeviceContext, { row }: FeedScope, { proof, record }: KnownRecord): boolean {
  const written = record.written.at(-1);
  if (written === undefined || proof === "bad") return false;
  if (written.by === row.member) return written.via !== undefined;
  return allowedTo(ctx, row, written.by).length > 0;
}
