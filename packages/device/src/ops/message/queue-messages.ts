import type { Intent, MessageId, Priority } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { onSend } from "../../guards/on-send.ts";
import { nameLease } from "../../hand-over/answer.ts";
import { requireFitting } from "../../outbox/seal-message.ts";
import type { MemberTarget, SharedTarget, Target } from "../../outbox/target.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { addOutbox, outboxRow } from "../../store/outbox-rows.ts";
import { lastSessionIn } from "../../store/session-rows.ts";
import { tell } from "../../store/story.ts";
import { mentionsIn } from "../../topics/mentions.ts";

/** A message as it was asked for. */
export interface Writing {
  readonly target: Target;
  readonly text: string;
  readonly priority: Priority;
  readonly intent: Intent;
  readonly replyTo: MessageId | null;
  /** what it is besides text, such as a word on an earlier post */
  readonly subtype?: string;
  /** why it cannot go out now */
  readonly why?: string | undefined;
}

/**
 * Checks a message against the guards and queues it: once for one recipient or for everyone of an audience, and for each bearer of a tag apart. Part of the caller's transaction.
 * Throws what `onSend` throws, and `too_large`.
 */
export function queueMessages(
  ctx: DeviceContext,
  row: MembershipRow,
  writing: Writing,
): [MessageId, ...MessageId[]] {
  const { target } = writing;
  if (target.kind !== "tag") return [queueOne(ctx, row, writing, { target })];
  const [first, ...rest] = target.each;
  if (first === undefined) throw new Error("a tag without bearers is no target");
  const id = queueOne(ctx, row, writing, { target: first });
  return [id, ...rest.map((one) => queueOne(ctx, row, writing, { target: one, batch: id }))];
}

interface Part {
  readonly target: MemberTarget | SharedTarget;
  /** the first message of those that one send makes */
  readonly batch?: MessageId;
}

function queueOne(
  ctx: DeviceContext,
  row: MembershipRow,
  { text, priority, intent, replyTo, subtype, why }: Writing,
  { target, batch }: Part,
): MessageId {
  const id = ctx.ids.nextMessageId();
  ctx.messageTraces.note(id, ctx.trace);
  const at = ctx.now();
  const address = addressOf(target);
  const isAgent = ctx.agentSession !== undefined;
  const session = address.to_session ?? null;
  const thread = onSend(ctx, row, {
    id,
    to: address.recipient,
    session,
    text,
    replyTo,
    isAgent,
    at,
  });
  addOutbox(ctx.store, {
    id,
    mesh: row.mesh,
    text,
    priority,
    ...address,
    ...writer(ctx, row),
    ...(intent === "inform" ? {} : { intent }),
    ...(batch === undefined ? {} : { batch }),
    ...(subtype === undefined ? mentioned(ctx, row, target, text) : { subtype }),
    ...thread,
    reply_to: replyTo,
    created_at: at,
  });
  nameLease(ctx, { mesh: row.mesh, id, ...thread });
  const queued = outboxRow(ctx.store, id);
  if (queued !== undefined) requireFitting(ctx, row, queued);
  tell(ctx.store, row.mesh, id, { at, what: `written for ${inWords(target)} and queued here` });
  if (why !== undefined) tell(ctx.store, row.mesh, id, { at, what: `stays queued: ${why}` });
  return id;
}

/** Where a message is queued, and how it is keyed. */
function addressOf(target: MemberTarget | SharedTarget) {
  if (target.kind !== "member") {
    const { audience, envelope: kind, members, name } = target;
    return { recipient: audience, audience, kind, members, name, to_session: null };
  }
  const { member: recipient, session } = target;
  if (session === undefined) return { recipient };
  const { attestation, id } = session;
  return { recipient, to_session: id, to_attestation: JSON.stringify(attestation) };
}

/** Whom a message to many names. */
function mentioned(
  ctx: DeviceContext,
  row: MembershipRow,
  { kind }: MemberTarget | SharedTarget,
  text: string,
) {
  const mentions = kind === "member" ? [] : mentionsIn(ctx, row, text);
  return mentions.length === 0 ? {} : { mentions: JSON.stringify(mentions) };
}

/** The agent session that writes, and its session in the mesh. */
function writer(ctx: DeviceContext, { mesh }: MembershipRow) {
  const { agentSession } = ctx;
  if (agentSession === undefined) return {};
  const own = lastSessionIn(ctx.store, mesh, agentSession);
  const isLive = own !== undefined && own.ended_at === null;
  return { agent_session: agentSession, ...(isLive ? { from_session: own.session } : {}) };
}

function inWords(target: MemberTarget | SharedTarget): string {
  if (target.kind === "broadcast") return "everyone";
  if (target.kind !== "member" || target.session === undefined) return target.name;
  return `${target.name}, session ${target.session.keyHex.slice(0, 16)},`;
}
