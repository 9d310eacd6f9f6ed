import type { DeviceContext } from "../context.ts";
import { markHeld, rowsForSessions } from "../store/hand-over-rows.ts";
import type { HomeStore } from "../store/home-store.ts";
import type { InboxRow } from "../store/inbox-rows.ts";
import { listMemberships } from "../store/memberships.ts";
import type { Boundary } from "./boundary.ts";
import { candidatesFor, candidatesIn } from "./candidates.ts";
import { type Choice, chooseSession, type HeldReason } from "./choose-session.ts";
import { releaseGone } from "./release-gone.ts";
import { tellSender } from "./tell-sender.ts";
import { lastSpoke } from "./thread.ts";

const inWords: Readonly<Record<HeldReason, string>> = {
  dnd: "the session is not to be disturbed",
  no_session: "no agent session of yours runs that it may go to",
  recipient_busy: "the agent is at work; it gets it between two tool calls or when it is idle",
};

/** Each waiting message with what is next for it. */
export function choices(
  ctx: DeviceContext,
  canPush: (agentSession: string) => boolean,
): { readonly row: InboxRow; readonly choice: Choice }[] {
  releaseGone(ctx);
  const live = ctx.sessions.list();
  return listMemberships(ctx.store).flatMap(({ mesh }) => {
    const rows = rowsForSessions(ctx.store, [mesh]);
    if (rows.length === 0) return [];
    const candidates = candidatesIn(mesh, live, canPush);
    return rows.map((row) => {
      const spoke = lastSpoke(ctx.store, row);
      const waiting = { priority: row.priority, toSession: row.to_session, spoke };
      return { row, choice: chooseSession(waiting, candidatesFor(row, candidates)) };
    });
  });
}

/** Sessions for which something waits that can be pushed to them now. */
export function dueSessions(
  ctx: DeviceContext,
  canPush: (agentSession: string) => boolean,
): { agentSession: string; boundary: Boundary }[] {
  const wanted = new Set(
    choices(ctx, canPush).flatMap(({ choice }) => ("push" in choice ? [choice.push] : [])),
  );
  return [...wanted].map((agentSession) => {
    const isIdle = ctx.sessions.get(agentSession)?.status === "idle";
    return { agentSession, boundary: isIdle ? "idle" : "between" };
  });
}

/** Tells the senders of what waits why it waits, where that is news; a home in which no agent ever ran has only people, who read when they like. */
export function tellHeld(ctx: DeviceContext, canPush: (agentSession: string) => boolean): void {
  if (!knowsAgents(ctx.store)) return;
  const news = choices(ctx, canPush).flatMap(({ row, choice }) => {
    if ("push" in choice || choice.wait === "asked_for" || choice.wait === row.held) return [];
    return [{ row, reason: choice.wait }];
  });
  if (news.length === 0) return;
  const { store } = ctx;
  store.write(() => {
    const at = ctx.now();
    for (const { row, reason } of news) {
      markHeld(store, row.position, reason);
      tellSender(ctx, row, {
        state: "held",
        reason,
        at,
        what: `held here (${reason}): ${inWords[reason]}`,
      });
    }
  });
  ctx.wake.now();
}

const knowsAgents = (store: HomeStore): boolean =>
  store.get("SELECT 1 FROM agent_session LIMIT 1") !== undefined;
