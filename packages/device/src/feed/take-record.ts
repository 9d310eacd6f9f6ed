import type { LogEvent } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { keepRecord } from "../records/keep-record.ts";
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
  ctx.store.write(() => keepRecord(ctx, scope.row, { ...body, version: seq }, 0));
  if (body.noun === "skill") ctx.events.tell({ type: "skills_changed", mesh });
  ctx.wake.now();
}
