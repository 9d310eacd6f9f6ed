import type { EnvelopeHeader, MemberId, MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { guardThread, neighboursIn, putGuardThread } from "../store/guard-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { addOutbox } from "../store/outbox-rows.ts";
import { tell } from "../store/story.ts";
import { type Hops, hopsOf, isMadeUp, later, noHops } from "./hops.ts";

/** Marks a message by which a device tells the others of a thread that it was stopped. */
export const loopStopped = "loop_stopped";

interface Stop {
  readonly thread: MessageId;
  /** whom to tell besides those of the thread: to whom the refused message was to go */
  readonly to?: MemberId;
  /** who told this home, and needs not be told */
  readonly by?: MemberId;
  /** everyone in the thread has seen what stopped it: nobody needs to be told */
  readonly isSeen?: boolean;
}

/**
 * Stops a thread here, once: its reader gets a notice, and everyone with whom this home wrote in it is told, who tells the next, so that the whole graph knows. Nothing
 * more of agents goes on in it until a person writes or releases it. Part of the caller's transaction.
 */
export function stopLoop(ctx: DeviceContext, row: MembershipRow, stop: Stop): void {
  const { store } = ctx;
  const { mesh } = row;
  const { thread, to, by, isSeen = false } = stop;
  const known = guardThread(store, mesh, thread);
  if (known !== undefined && known.stopped_at !== null) return;
  const state: Hops = known ?? noHops;
  const at = ctx.now();
  const hops = Math.max(state.hops, ctx.guards.hops);
  putGuardThread(store, { mesh, thread, since: state.since, hops, stopped_at: at });
  notice(ctx, row, thread, state.since);
  if (isSeen) return;
  const told = new Set([...neighboursIn(store, mesh, thread), ...(to === undefined ? [] : [to])]);
  if (by !== undefined) told.delete(by);
  told.delete(row.member);
  const roster = ctx.rosters.of(mesh);
  for (const recipient of told) {
    if (!roster.isMember(recipient)) continue;
    const id = ctx.ids.nextMessageId();
    addOutbox(store, {
      id,
      mesh,
      recipient,
      text: `claudemesh stopped this thread: agents wrote ${hops} messages in a row without a person`,
      priority: "next",
      reply_to: null,
      created_at: at,
      thread,
      hop: hops,
      since: state.since === "" ? null : state.since,
      intent: "ack",
      subtype: loopStopped,
    });
    tell(store, mesh, id, { at, what: `tells that thread ${thread.slice(-8)} was stopped here` });
  }
}

/**
 * Takes in that another device stopped a thread. One that has begun anew here meanwhile goes on; one that this home never saw is only told of. Part of the caller's
 * transaction.
 */
export function takeLoopStop(ctx: DeviceContext, row: MembershipRow, header: EnvelopeHeader): void {
  const { thread, from } = header;
  if (thread === undefined) return;
  const { store } = ctx;
  const { mesh } = row;
  const known = guardThread(store, mesh, thread);
  const said = hopsOf(header);
  if (isMadeUp(said, ctx.now())) return;
  if (known === undefined && neighboursIn(store, mesh, thread).length === 0) {
    notice(ctx, row, thread, said.since);
    return;
  }
  const state = known === undefined ? said : later(known, said);
  if (state.since !== said.since) return;
  const stopped = known?.since === state.since ? known.stopped_at : null;
  putGuardThread(store, {
    mesh,
    thread,
    since: state.since,
    hops: state.hops,
    stopped_at: stopped,
  });
  stopLoop(ctx, row, { thread, by: from.member });
}

function notice(ctx: DeviceContext, { mesh }: MembershipRow, thread: MessageId, since: string) {
  const short = thread.slice(-8);
  addNotice(ctx.store, {
    mesh,
    key: `loop:${thread}:${since}`,
    code: "loop_limit",
    text: `thread ${short} was stopped: agents wrote ${ctx.guards.hops} messages in a row in it without a person; let it go on with: claudemesh guard release ${short}`,
    at: ctx.now(),
  });
}
