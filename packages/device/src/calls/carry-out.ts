import {
  type AnyOp,
  type CallResult,
  MeshError,
  type MessageId,
  mayBegin,
  ops,
  toolNamed,
  whyNotScheduled,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { type DueCallRow, markBegun } from "../store/due-call-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { outboxRow } from "../store/outbox-rows.ts";
import { type Once, onceFor } from "./once.ts";
import type { CallText } from "./own-call.ts";

/** characters of an answer that is kept */
const keptChars = 4_000;

export interface Came {
  readonly outcome: CallResult["outcome"];
  readonly said: string;
}

/** What is not known to have been begun, by this device or by one that was lost, is done now; what is, only where nothing can be done twice. Throws what a broken connection throws. */
export async function carryOut(
  ctx: DeviceContext,
  row: MembershipRow,
  due: DueCallRow,
  { tool, input, session }: CallText,
  { wasElsewhere, isLost }: { readonly wasElsewhere: boolean; readonly isLost: () => boolean },
): Promise<Came> {
  const name = toolNamed(tool);
  if (name === undefined) return failed(`this version has no tool ${tool}`);
  const declared: AnyOp = ops[name];
  const refusal = whyNotScheduled(declared);
  if (refusal !== undefined) return failed(`it is not called by schedules: ${refusal}`);
  const isBegun = due.begunAt !== null;
  const once = onceFor(due.job, due.planned, due.begunAt ?? Math.round(ctx.now()));
  const sent = isBegun ? sentBefore(ctx, once) : undefined;
  if (sent !== undefined) return { outcome: "done", said: JSON.stringify({ id: sent }) };
  if ((isBegun || wasElsewhere) && !mayBegin(declared)) {
    const who = isBegun ? "this device" : "another device of yours";
    return failed(`${who} was stopped while it did it; whether it was done is not known`);
  }
  ctx.store.write(() => markBegun(ctx.store, due, once.at));
  const own = onceFor(due.job, due.planned, once.at);
  const caller: DeviceContext = { ...ctx, once: own, ids: own.ids, agentSession: session };
  try {
    const output = await ctx.dueCalls.call(caller, name, { ...input, mesh: row.mesh });
    const text = JSON.stringify(output);
    return { outcome: "done", said: text.slice(0, keptChars) };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    if (isLost() && mayBegin(declared)) throw error;
    return failed(error.message.slice(0, keptChars));
  }
}

const failed = (said: string): Came => ({ outcome: "failed", said });

/** The message that a call stopped halfway had queued: it goes out by itself. */
function sentBefore(ctx: DeviceContext, { ids }: Once): MessageId | undefined {
  const id = ids.nextMessageId();
  return outboxRow(ctx.store, id) === undefined ? undefined : id;
}
