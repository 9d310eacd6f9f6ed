import { MeshError, MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { isUnreachable, type MeshLink } from "../../mesh-link/links.ts";
import { type NamedMember, namedMembers } from "../../names/member-names.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import { drainOutbox } from "../../outbox/drain-outbox.ts";
import { requireFitting } from "../../outbox/seal-message.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { addOutbox, outboxRow } from "../../store/outbox-rows.ts";
import { tell } from "../../store/story.ts";
import { refreshMembers } from "../refresh-members.ts";
import { targetMesh } from "../target-mesh.ts";
import { findMessage } from "./find-message.ts";
import { withOtherMesh } from "./other-mesh.ts";

const budgetMs = 60_000;

/** Stores the message durably, then hands it over. Where the broker cannot be reached it stays queued, with the reason, and later verbs hand it over. */
export const send: DeviceHandler<"message.send"> = async (input, ctx) => {
  const row = targetMesh(ctx, input.mesh);
  const { link, why } = await reach(ctx, row);
  const to = await recipient(ctx, row, link, input.to).catch((error) => {
    throw input.mesh === undefined ? withOtherMesh(ctx, row, input.to, error) : error;
  });
  const replyTo = input.replyTo === undefined ? null : answeredId(ctx, row, input.replyTo);
  const id = ctx.ids.nextMessageId();
  const at = ctx.now();
  ctx.store.write(() => {
    const message = {
      id,
      mesh: row.mesh,
      recipient: to.id,
      text: input.text,
      priority: input.priority,
    };
    addOutbox(ctx.store, { ...message, reply_to: replyTo, created_at: at });
    const queued = outboxRow(ctx.store, id);
    if (queued !== undefined) requireFitting(ctx, row, queued);
    tell(ctx.store, row.mesh, id, { at, what: `written for ${to.name} and queued here` });
    if (why !== undefined) tell(ctx.store, row.mesh, id, { at, what: `stays queued: ${why}` });
  });
  if (link !== undefined) {
    await ctx.links.using(row, (open) => drainOutbox(ctx, row, open, { until: id, budgetMs }));
  }
  const sent = outboxRow(ctx.store, id);
  if (ctx.closing.signal.aborted && sent?.state === "queued") {
    const kept = `stopped; the message to ${to.name} stays queued and goes out with the next command`;
    throw new MeshError("cancelled", kept, { detail: { id } });
  }
  const reason = sent?.reason ?? (sent?.state === "queued" ? (why ?? "it waits its turn") : null);
  return {
    id,
    state: sent?.state ?? "queued",
    mesh: { id: row.mesh, slug: row.slug },
    to: { member: to.id, name: to.name },
    ...(sent?.seq === null || sent?.seq === undefined ? {} : { seq: sent.seq }),
    ...(reason === null ? {} : { reason }),
  };
};

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

/** Resolves by what is known here, and asks the broker for news before saying that there is nobody. */
async function recipient(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  to: string,
): Promise<NamedMember> {
  const resolve = () => {
    const roster = ctx.rosters.of(row.mesh);
    return resolveRecipient(
      to,
      [...namedMembers(ctx.store, row.mesh, roster).values()],
      row.member,
    );
  };
  try {
    return resolve();
  } catch (error) {
    const isUnknown = error instanceof MeshError && error.code === "no_recipient";
    if (!isUnknown || link === undefined) throw error;
    await ctx.links.using(row, (open) => refreshMembers(ctx, row, open));
    return resolve();
  }
}

function answeredId(ctx: DeviceContext, row: MembershipRow, typed: string): MessageId {
  const full = MessageId.safeParse(typed);
  return full.success ? full.data : findMessage(ctx, row.mesh, typed).id;
}
