import { type MemberId, MeshError, MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { stopLoop } from "../../guards/loop-stop.ts";
import { onSend } from "../../guards/on-send.ts";
import { nameLease } from "../../hand-over/answer.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable, type MeshLink } from "../../mesh-link/links.ts";
import { drainOutbox } from "../../outbox/drain-outbox.ts";
import { requireFitting } from "../../outbox/seal-message.ts";
import type { FoundSession } from "../../sessions/find-sessions.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { addOutbox, outboxRow } from "../../store/outbox-rows.ts";
import { lastSessionIn } from "../../store/session-rows.ts";
import { tell } from "../../store/story.ts";
import { targetMesh } from "../target-mesh.ts";
import { findMessage } from "./find-message.ts";
import { withOtherMesh } from "./other-mesh.ts";
import { recipient } from "./recipient.ts";

const budgetMs = 60_000;

/** Stores the message durably, then hands it over. Where the broker cannot be reached it stays queued, with the reason, and later verbs hand it over. */
export const send: DeviceHandler<"message.send"> = async (input, ctx) => {
  const row = targetMesh(ctx, input.mesh);
  const { link, why } = await reach(ctx, row);
  const { member: to, session } = await recipient(ctx, row, link, input.to).catch((error) => {
    throw input.mesh === undefined ? withOtherMesh(ctx, row, input.to, error) : error;
  });
  const replyTo = input.replyTo === undefined ? null : answeredId(ctx, row, input.replyTo);
  const id = ctx.ids.nextMessageId();
  const at = ctx.now();
  const queue = () => {
    const isAgent = ctx.agentSession !== undefined;
    const sending = {
      id,
      to: to.id,
      session: session?.id ?? null,
      text: input.text,
      replyTo,
      isAgent,
      at,
    };
    const thread = onSend(ctx, row, sending);
    const message = {
      id,
      mesh: row.mesh,
      recipient: to.id,
      text: input.text,
      priority: input.priority,
      ...(session && {
        to_session: session.id,
        to_attestation: JSON.stringify(session.attestation),
      }),
      ...writer(ctx, row),
      ...(input.intent === "inform" ? {} : { intent: input.intent }),
      ...thread,
    };
    addOutbox(ctx.store, { ...message, reply_to: replyTo, created_at: at });
    nameLease(ctx, { mesh: row.mesh, id, ...thread });
    const queued = outboxRow(ctx.store, id);
    if (queued !== undefined) requireFitting(ctx, row, queued);
    tell(ctx.store, row.mesh, id, {
      at,
      what: `written for ${toName(to.name, session)} and queued here`,
    });
    if (why !== undefined) tell(ctx.store, row.mesh, id, { at, what: `stays queued: ${why}` });
  };
  try {
    ctx.store.write(queue);
  } catch (error) {
    await endLoop(ctx, row, { to: to.id, isOnline: link !== undefined }, error);
    throw error;
  }
  const kept = link === undefined ? why : await handOverNow(ctx, row, id);
  const sent = outboxRow(ctx.store, id);
  if (ctx.closing.signal.aborted && sent?.state === "queued") {
    const told = `stopped; the message to ${to.name} stays queued and goes out with the next command`;
    throw new MeshError("cancelled", told, { detail: { id } });
  }
  const reason = sent?.reason ?? (sent?.state === "queued" ? (kept ?? "it waits its turn") : null);
  return {
    id,
    state: sent?.state ?? "queued",
    mesh: { id: row.mesh, slug: row.slug },
    to: { member: to.id, name: to.name, ...(session && { session: session.id }) },
    ...(sent?.seq === null || sent?.seq === undefined ? {} : { seq: sent.seq }),
    ...(reason === null ? {} : { reason }),
  };
};

/** Hands the message over with what waits before it. Answers why it cannot be now: it is stored, and told as failed it would be written a second time. */
async function handOverNow(
  ctx: DeviceContext,
  row: MembershipRow,
  id: MessageId,
): Promise<string | undefined> {
  try {
    await ctx.links.using(row, (open) => drainOutbox(ctx, row, open, { until: id, budgetMs }));
    return undefined;
  } catch (error) {
    if (error instanceof MeshError && error.code === "disk_full") return error.message;
    throw error;
  }
}

/** Where agents went on for too long: stops the thread, and tells those who write in it. */
async function endLoop(
  ctx: DeviceContext,
  row: MembershipRow,
  { to, isOnline }: { readonly to: MemberId; readonly isOnline: boolean },
  error: unknown,
): Promise<void> {
  if (!(error instanceof MeshError) || error.code !== "loop_limit") return;
  const thread = error.detail?.thread as MessageId;
  ctx.store.write(() => stopLoop(ctx, row, { thread, to }));
  ctx.wake.now();
  if (isOnline) await ctx.links.using(row, (open) => drainOutbox(ctx, row, open, { budgetMs }));
}

async function reach(
  ctx: DeviceContext,
  row: MembershipRow,
): Promise<{ link?: MeshLink; why?: string }> {
  try {
    return { link: await ctx.links.call(row) };
  } catch (error) {
    if (ctx.closing.signal.aborted) throw new MeshError("cancelled", "stopped; nothing was sent");
    if (error instanceof MeshError && isUnreachable(error)) return { why: error.message };
    throw error;
  }
}

/** The agent session that writes, and its session in the mesh. */
function writer(ctx: DeviceContext, { mesh }: MembershipRow) {
  const { agentSession } = ctx;
  if (agentSession === undefined) return {};
  const own = lastSessionIn(ctx.store, mesh, agentSession);
  const isLive = own !== undefined && own.ended_at === null;
  return { agent_session: agentSession, ...(isLive ? { from_session: own.session } : {}) };
}

const toName = (name: string, session: FoundSession | undefined): string =>
  session === undefined ? name : `${name}, session ${session.keyHex.slice(0, 16)},`;

function answeredId(ctx: DeviceContext, row: MembershipRow, typed: string): MessageId {
  const full = MessageId.safeParse(typed);
  return full.success ? full.data : findMessage(ctx, row.mesh, typed).id;
}
