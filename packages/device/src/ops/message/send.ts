import { type MemberId, MeshError, MessageId, type SentTo } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { stopLoop } from "../../guards/loop-stop.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable, type MeshLink } from "../../mesh-link/links.ts";
import { drainOutbox } from "../../outbox/drain-outbox.ts";
import { stateWhenSent } from "../../outbox/state-when-sent.ts";
import type { Target } from "../../outbox/target.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { outboxRow } from "../../store/outbox-rows.ts";
import { refreshMembers } from "../refresh-members.ts";
import { targetMesh } from "../target-mesh.ts";
import { findMessage } from "./find-message.ts";
import { withOtherMesh } from "./other-mesh.ts";
import { queueMessages } from "./queue-messages.ts";
import { recipient } from "./recipient.ts";

const budgetMs = 60_000;

/** Stores the message durably, then hands it over. Where the broker cannot be reached it stays queued, with the reason, and later verbs hand it over. */
export const send: DeviceHandler<"message.send"> = async (input, ctx) => {
  const row = targetMesh(ctx, input.mesh);
  const { link, why } = await reach(ctx, row);
  const target = await recipient(ctx, row, link, input.to).catch((error) => {
    throw input.mesh === undefined ? withOtherMesh(ctx, row, input.to, error) : error;
  });
  const replyTo = input.replyTo === undefined ? null : answeredId(ctx, row, input.replyTo);
  const { intent, priority, text } = input;
  await knowNames(ctx, row, { target, link, text });
  const [id, ...others] = await queued(ctx, row, {
    target,
    link,
    why,
    intent,
    priority,
    text,
    replyTo,
  });
  const ids = [id, ...others];
  const last = ids.at(-1) ?? id;
  const kept = link === undefined ? why : await handOverNow(ctx, row, last);
  const sent = outboxRow(ctx.store, id);
  if (ctx.closing.signal.aborted && sent?.state === "queued") {
    const told = `stopped; the message to ${target.name} stays queued and goes out with the next command`;
    throw new MeshError("cancelled", told, { detail: { id } });
  }
  const reason = sent?.reason ?? (sent?.state === "queued" ? (kept ?? "it waits its turn") : null);
  return {
    id,
    state: stateWhenSent(sent),
    mesh: { id: row.mesh, slug: row.slug },
    to: sentTo(target),
    ...(others.length === 0 ? {} : { ids }),
    ...(sent?.seq === null || sent?.seq === undefined ? {} : { seq: sent.seq }),
    ...(reason === null ? {} : { reason }),
  };
};

/** Where no feed of this home keeps the profiles current, whom a text names is asked first. */
async function knowNames(
  ctx: DeviceContext,
  row: MembershipRow,
  { target, link, text }: Pick<Writing, "link" | "target" | "text">,
): Promise<void> {
  if (target.kind !== "topic" || link === undefined || row.feed_live === 1) return;
  if (text.includes("@")) await ctx.links.using(row, (open) => refreshMembers(ctx, row, open));
}

type Writing = Parameters<typeof queueMessages>[2] & { readonly link: MeshLink | undefined };

/** Queues the message; where agents went on for too long, stops the thread instead and tells those who write in it. */
async function queued(
  ctx: DeviceContext,
  row: MembershipRow,
  { link, ...writing }: Writing,
): Promise<[MessageId, ...MessageId[]]> {
  try {
    return ctx.store.write(() => queueMessages(ctx, row, writing));
  } catch (error) {
    const { target } = writing;
    const to = target.kind === "member" ? { to: target.member } : {};
    await endLoop(ctx, row, { ...to, isOnline: link !== undefined }, error);
    throw error;
  }
}

function sentTo(target: Target): SentTo {
  const { kind, name } = target;
  if (kind === "tag") return { kind, name, members: target.each.length };
  if (kind !== "member") return { kind, name, members: target.members };
  const { member, session } = target;
  return { kind, name, member, ...(session && { session: session.id }) };
}

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

async function endLoop(
  ctx: DeviceContext,
  row: MembershipRow,
  { isOnline, ...told }: { readonly to?: MemberId; readonly isOnline: boolean },
  error: unknown,
): Promise<void> {
  if (!(error instanceof MeshError) || error.code !== "loop_limit") return;
  const thread = error.detail?.thread as MessageId;
  ctx.store.write(() => stopLoop(ctx, row, { thread, ...told }));
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

function answeredId(ctx: DeviceContext, row: MembershipRow, typed: string): MessageId {
  const full = MessageId.safeParse(typed);
  return full.success ? full.data : findMessage(ctx, row.mesh, typed).id;
}
