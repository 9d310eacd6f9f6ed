import type { ReceiptState, SessionId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { InboxRow } from "../store/inbox-rows.ts";
import { addDue } from "../store/receipt-rows.ts";
import { tell } from "../store/story.ts";

interface Word {
  readonly state: ReceiptState;
  readonly at: number;
  /** how it reads in the story here */
  readonly what: string;
  readonly way?: string;
  readonly reason?: string;
  readonly agentSession?: string;
}

/** Queues the receipt that tells a sender how far a message is, for a session in its name, and tells it in the story here; part of the caller's transaction. */
export function tellSender(ctx: DeviceContext, row: InboxRow, word: Word): void {
  const { store } = ctx;
  const { mesh, sender, id, digest } = row;
  const { state, at, what, way, reason, agentSession } = word;
  tell(store, mesh, id, { at, what, sender });
  // Of what this member wrote itself nobody is to be told, and a key has no device that hears.
  if (row.own === 1 || row.plain !== null) return;
  addDue(store, {
    mesh,
    sender,
    message: id,
    digest,
    state,
    way: way ?? null,
    reason: reason ?? null,
    session: row.to_session ?? sessionIn(ctx, row, agentSession) ?? null,
    at,
  });
}

/** The session that an agent session has in a message's mesh. */
const sessionIn = (
  ctx: DeviceContext,
  { mesh }: InboxRow,
  agentSession: string | undefined,
): SessionId | undefined =>
  agentSession === undefined
    ? undefined
    : ctx.sessions.get(agentSession)?.meshes.find((one) => one.mesh === mesh)?.session;
