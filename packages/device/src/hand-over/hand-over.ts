import type { MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { tellGone } from "../sessions/end-session.ts";
import {
  closeForEnded,
  confirmDelivery,
  markSeen,
  releaseDelivery,
  sessionsInDoubt,
  takeBack,
  unseenBy,
} from "../store/hand-over-rows.ts";
import type { InboxRow } from "../store/inbox-rows.ts";
import { tell } from "../store/story.ts";
import { putTranscript, transcriptOf } from "../store/transcripts.ts";
import { dueSessions, tellHeld } from "./held.ts";
import { take } from "./take.ts";
import { tellSender } from "./tell-sender.ts";
import type { HandOver } from "./types.ts";

/** The hand-over of one device instance: who may be pushed to is known to this process alone, everything else is in the home's database. */
export function createHandOver(ctx: DeviceContext): HandOver {
  const { store } = ctx;
  const reach = new Set<string>();
  const canPush = (agentSession: string) => reach.has(agentSession);
  return {
    setReach: (agentSession, can) => {
      if (can === reach.has(agentSession)) return;
      if (can) reach.add(agentSession);
      else reach.delete(agentSession);
      ctx.wake.now();
    },
    take: (options) => take(ctx, options, canPush),
    confirm: (delivery) => told(ctx, () => confirm(ctx, delivery)),
    release: (delivery, inDoubt) => told(ctx, () => release(ctx, delivery, inDoubt)),
    unseen: (agentSession) =>
      unseenBy(store, agentSession).map(({ id, handed_way: way, handed_at: at }) => ({
        id,
        way: way ?? undefined,
        handedAt: at ?? undefined,
      })),
    seen: (agentSession, ids) => told(ctx, () => seen(ctx, agentSession, ids)),
    doubt: (agentSession, ids, why) => told(ctx, () => doubt(ctx, agentSession, ids, why)),
    orphans: () => {
      const live = new Set(ctx.sessions.list().map(({ agentSession }) => agentSession));
      return sessionsInDoubt(store).filter((agentSession) => !live.has(agentSession));
    },
    transcript: (agentSession) => transcriptOf(store, agentSession),
    follow: (agentSession, path) => {
      store.write(() => putTranscript(store, { agentSession, path, at: ctx.now() }));
    },
    due: () => dueSessions(ctx, canPush),
    tellHeld: () => tellHeld(ctx, canPush),
    changes: () => ctx.wake.count,
    wait: (ms) => ctx.wake.wait(ctx.timer, ms),
  };
}

/** Runs one change as a transaction and wakes who sends receipts or offers what waits. */
function told(ctx: DeviceContext, change: () => number): number {
  const count = ctx.store.write(change);
  if (count > 0) ctx.wake.now();
  return count;
}

function confirm(ctx: DeviceContext, delivery: string): number {
  const at = ctx.now();
  const rows = confirmDelivery(ctx.store, { delivery, token: ctx.token, at });
  for (const row of rows) {
    const way = row.handed_way ?? "hook";
    const agentSession = row.handed_to ?? "";
    const again = row.again === 1 ? ", again" : "";
    const what = `handed to agent session ${short(agentSession)} by way of ${way}${again}`;
    tellSender(ctx, row, { state: "offered", way, at, what, agentSession });
  }
  return rows.length;
}

function release(ctx: DeviceContext, delivery: string, inDoubt: boolean): number {
  const rows = releaseDelivery(ctx.store, { delivery, token: ctx.token, inDoubt });
  const what = inDoubt
    ? "the hand-over broke off, so that it is in doubt whether it was seen: it is offered again"
    : "the hand-over did not take place; it waits for the next";
  for (const { mesh, id, sender } of rows) {
    tell(ctx.store, mesh, id, { at: ctx.now(), what, sender });
  }
  return rows.length;
}

function seen(ctx: DeviceContext, agentSession: string, ids: readonly MessageId[]): number {
  const at = ctx.now();
  const rows = handedTo(ctx, agentSession, ids).filter(({ position }) =>
    markSeen(ctx.store, position, at),
  );
  const what = `seen in the transcript of agent session ${short(agentSession)}`;
  for (const row of rows) {
    tellSender(ctx, row, { state: "in_context", at, what, agentSession });
  }
  return rows.length;
}

function doubt(
  ctx: DeviceContext,
  agentSession: string,
  ids: readonly MessageId[],
  why: string,
): number {
  // Who asked for it has read it; the transcript only has not shown that.
  const handed = handedTo(ctx, agentSession, ids).filter(({ handed_way: way }) => way !== "pull");
  const gone = handed.filter(({ position }) => closeForEnded(ctx.store, position, ctx.now()));
  for (const row of gone) tellGone(ctx.store, row, ctx.now());
  const rows = handed.filter((row) => !gone.includes(row) && takeBack(ctx.store, row.position));
  for (const { mesh, id, sender } of rows) {
    tell(ctx.store, mesh, id, { at: ctx.now(), what: `${why}: it is offered again`, sender });
  }
  return handed.length;
}

function handedTo(ctx: DeviceContext, agentSession: string, ids: readonly MessageId[]): InboxRow[] {
  const wanted = new Set(ids);
  return unseenBy(ctx.store, agentSession).filter(({ id }) => wanted.has(id));
}

/** Enough of an agent's session id to know it by. */
const short = (agentSession: string): string => agentSession.slice(0, 8);
