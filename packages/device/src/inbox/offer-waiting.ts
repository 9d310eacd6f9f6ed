import { audienceOfMany, type InboxMessage, type InboxNotice } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { audienceName } from "../names/audience-name.ts";
import { namedMembers } from "../names/member-names.ts";
import { callerHiddenIn, callersSessions } from "../sessions/callers-sessions.ts";
import { releaseGoneHanding, takeForHanding, unreadCount } from "../store/inbox-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { waitingGaps, waitingNotices } from "../store/notices.ts";
import { inboxMessage } from "./inbox-message.ts";
import { putInOrderWritten } from "./order-written.ts";

/** How long a reader may take to show what it was given before another may be: a terminal can be slow, and a process id of a crashed reader can be in use again. */
const leaseMs = 10 * 60_000;

export interface Offered {
  readonly items: InboxMessage[];
  readonly notices: InboxNotice[];
  readonly more: number;
}

/** Gives up to `limit` waiting messages to this reader alone, with the notices that nobody was shown yet. */
export function offerWaiting(
  ctx: DeviceContext,
  rows: readonly MembershipRow[],
  limit: number,
): Offered {
  const { store, token } = ctx;
  return store.write(() => {
    const now = ctx.now();
    releaseGoneHanding(store, { now, isLive: ctx.isClaimLive });
    const meshes = rows.map(({ mesh }) => mesh);
    const taken = takeForHanding(store, {
      meshes,
      token,
      until: now + leaseMs,
      limit,
      sessions: callersSessions(ctx),
      agentSession: ctx.agentSession,
      hiddenIn: callerHiddenIn(ctx),
    });
    const items: InboxMessage[] = [];
    const notices: InboxNotice[] = [];
    const given = { notices: [] as number[], gaps: [] as number[] };
    let waiting = 0;
    for (const row of rows) {
      const mesh = { id: row.mesh, slug: row.slug };
      const names = namedMembers(store, row.mesh, ctx.rosters.of(row.mesh));
      waiting += unreadCount(store, row.mesh, callersSessions(ctx));
      for (const got of taken) {
        if (got.mesh !== row.mesh) continue;
        const audience = audienceName(store, got.mesh, got.audience);
        items.push(inboxMessage(got, row, names, audience));
      }
      for (const { id, code, text, at } of waitingNotices(store, row.mesh)) {
        given.notices.push(id);
        notices.push({ mesh, code, text, at });
      }
      for (const { id, member, audience, from_n, to_n, at } of waitingGaps(store, row.mesh)) {
        given.gaps.push(id);
        const many = audienceName(store, row.mesh, audienceOfMany(audience));
        const who = `${names.get(member)?.name ?? member}${many ? ` to ${many.written}` : ""}`;
        const count = to_n - from_n + 1;
        const text =
          count === 1
            ? `a message from ${who} is missing`
            : `${count} messages from ${who} are missing`;
        notices.push({ mesh, code: "message_missing", text, at });
      }
    }
    const places = new Map(taken.map(({ id, position }) => [id, position]));
    const messages = new Map(taken.map(({ id, position }) => [position, id]));
    ctx.offered.add({ ...given, messages });
    items.sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
    putInOrderWritten(items);
    return { items, notices, more: waiting - items.length };
  });
}
