import { toHex } from "@claudemesh/crypto";
import type { InboxMessage, MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { frameMessages } from "../framing/index.ts";
import { inboxMessage } from "../inbox/inbox-message.ts";
import { putInOrderWritten } from "../inbox/order-written.ts";
import { audienceName } from "../names/audience-name.ts";
import { type NamedMember, namedIn } from "../names/member-names.ts";
import { markHanding, queuedAt, rowsForSessions } from "../store/hand-over-rows.ts";
import type { InboxRow } from "../store/inbox-rows.ts";
import { listMemberships } from "../store/memberships.ts";
import { candidatesFor, candidatesIn } from "./candidates.ts";
import { mayTake } from "./choose-session.ts";
import { mayAnswer } from "./lease.ts";
import { releaseGone } from "./release-gone.ts";
import { lastSpoke } from "./thread.ts";
import type { Delivery, TakeOptions } from "./types.ts";

/** How long the agent's side may take to say that it has the text; after that it is in doubt. */
const leaseMs = 60_000;
/** Messages in one hand-over at the most: the reader is to be able to answer them. */
const mostAtOnce = 50;

/** Takes what an agent session may have at its boundary and marks it as being handed over, durably, before anything of it leaves this process. */
export async function take(
  ctx: DeviceContext,
  options: TakeOptions,
  canPush: (agentSession: string) => boolean,
): Promise<Delivery | undefined> {
  const { agentSession } = options;
  releaseGone(ctx);
  const mine: InboxRow[] = [];
  const wanted = wantedRows(ctx, options, canPush);
  await Promise.all(
    wanted.map(async ({ row, session }) => {
      if (await mayAnswer(ctx, row, { agentSession, session })) mine.push(row);
    }),
  );
  mine.sort((a, b) => a.position - b.position);
  return mine.length === 0 ? undefined : frame(ctx, options, mine);
}

function wantedRows(
  ctx: DeviceContext,
  { agentSession, boundary, way }: TakeOptions,
  canPush: (agentSession: string) => boolean,
) {
  const me = ctx.sessions.get(agentSession);
  if (me === undefined) return [];
  const live = ctx.sessions.list();
  return me.meshes.flatMap(({ mesh, session }) => {
    // Nobody says by whom the messages of a mesh with a false past are.
    if (ctx.rosters.heldBy(mesh) !== undefined) return [];
    const candidates = candidatesIn(mesh, live, canPush);
    return rowsForSessions(ctx.store, [mesh])
      .filter((row) => {
        // What is posted behind it in the same queue is shown after it; anything else would overtake it.
        if (queuedAt(row) === agentSession && way !== "inbox_socket") return false;
        const spoke = lastSpoke(ctx.store, row);
        const waiting = { priority: row.priority, toSession: row.to_session, spoke };
        return mayTake(waiting, { agentSession, boundary }, candidatesFor(row, candidates));
      })
      .slice(0, mostAtOnce)
      .map((row) => ({ row, session }));
  });
}

function frame(
  ctx: DeviceContext,
  { agentSession, way, maxChars }: TakeOptions,
  rows: readonly InboxRow[],
): Delivery | undefined {
  const { store } = ctx;
  const id = `dlv_${toHex(ctx.random(12))}`;
  return store.write(() => {
    // Another reader may have taken some while the leases were asked for.
    const free = new Set(
      rowsForSessions(store, [...new Set(rows.map(({ mesh }) => mesh))]).map(
        ({ position }) => position,
      ),
    );
    const items = framedItems(
      ctx,
      rows.filter(({ position }) => free.has(position)),
    );
    const nonce = toHex(ctx.random(8));
    const { text, included } = frameMessages(items, { maxChars, nonce });
    if (included.length === 0) return undefined;
    const inside = new Set<MessageId>(included);
    const positions = rows.filter((row) => inside.has(row.id)).map(({ position }) => position);
    const mark = { delivery: id, token: ctx.token, until: ctx.now() + leaseMs, agentSession, way };
    markHanding(store, positions, mark);
    const senders = new Set(
      items.filter((item) => inside.has(item.id)).map(({ from }) => from.name),
    );
    return { id, agentSession, way, text, messages: included, senders: [...senders] };
  });
}

/** The rows as their reader sees them, each sender's in the order of writing. */
function framedItems(ctx: DeviceContext, rows: readonly InboxRow[]): InboxMessage[] {
  const memberships = listMemberships(ctx.store);
  const named = new Map<MeshId, ReadonlyMap<MemberId, NamedMember>>();
  const items = rows.flatMap((row) => {
    const membership = memberships.find(({ mesh }) => mesh === row.mesh);
    if (membership === undefined) return [];
    const names = named.get(row.mesh) ?? namedIn(ctx, row.mesh);
    named.set(row.mesh, names);
    const audience = audienceName(ctx.store, row.mesh, row.audience);
    return [inboxMessage(row, membership, names, audience)];
  });
  putInOrderWritten(items);
  return items;
}
