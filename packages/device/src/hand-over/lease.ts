import { MeshError, type SessionId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { knowsOtherDevices, leaseOf, leaveElsewhere, putLease } from "../store/hand-over-rows.ts";
import type { InboxRow } from "../store/inbox-rows.ts";
import { getMembership } from "../store/memberships.ts";
import { tell } from "../store/story.ts";
import { threadOf } from "./thread.ts";

/** How long a hook or a push may wait for the broker's word on a lease. */
const patienceMs = 400;
/** A lease that ends sooner is taken anew. */
const spareMs = 30_000;

/** For whom a lease is asked. */
interface Answerer {
  readonly agentSession: string;
  readonly session: SessionId;
}

/**
 * Whether a session may answer a message: over all devices of the member one session has the lease of a thread. A message that another device answers is left to it.
 * Where the broker gives no word it goes on only if no other device of this member is known.
 */
export async function mayAnswer(
  ctx: DeviceContext,
  row: InboxRow,
  { agentSession, session }: Answerer,
): Promise<boolean> {
  // Whoever is named alone needs no lease.
  if (row.to_session !== null) return true;
  const { store } = ctx;
  const { mesh } = row;
  const thread = threadOf(row);
  const known = leaseOf(store, mesh, thread);
  if (known?.agent_session === agentSession && known.until > ctx.now() + spareMs) return true;
  const lease = await asked(ctx, row, session);
  if (lease === undefined) return !knowsOtherDevices(store, mesh);
  const { granted, token, until, holder } = lease;
  if (granted && token !== undefined) {
    store.write(() => putLease(store, mesh, thread, { agent_session: agentSession, token, until }));
    return true;
  }
  if (holder.device === getMembership(store, mesh)?.device) return true;
  store.write(() => {
    leaveElsewhere(store, row.position);
    const what = "left to another of your devices, whose session answers it";
    tell(store, mesh, row.id, { at: ctx.now(), what, sender: row.sender });
  });
  return false;
}

async function asked(ctx: DeviceContext, row: InboxRow, session: SessionId) {
  const thread = threadOf(row);
  const late = Promise.withResolvers<undefined>();
  const cancel = ctx.timer(patienceMs, () => late.resolve(undefined));
  const claim = ctx.sessions.claim(row.mesh, {
    session,
    message: row.id,
    ...(thread === row.id ? {} : { thread }),
  });
  try {
    return await Promise.race([claim, late.promise]);
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  } finally {
    cancel();
    claim.catch(() => {});
  }
}
