import { sha256, toHex, utf8 } from "@claudemesh/crypto";
import {
  type Audience,
  audienceOf,
  audienceOfMany,
  type EnvelopeHeader,
  everyone,
  groupOf,
  type Hash,
  type LogEvent,
  type MessageBody,
  type Plain,
  topicOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { onReceive, type Verdict } from "../guards/on-receive.ts";
import { causeOf } from "../guards/thread-of.ts";
import { senderOf } from "../plain/author.ts";
import { senderRule } from "../store/guard-rows.ts";
import { addInbox, inboxRow, type NewInbox } from "../store/inbox-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { addNotification } from "../store/notification-rows.ts";
import { isLetThrough } from "../trust/keep-grants.ts";
import type { FeedScope } from "./feed-scope.ts";

export type PlainEvent = Pick<Extract<LogEvent, { kind: "plain" }>, "seq" | "body">;

/** Takes in what an API key posted or the broker says by itself: the broker's word alone, kept and shown as such. What the mesh's policy does not allow, or whom this member does not let through, leaves no message. */
export function takePlain(ctx: DeviceContext, { row }: FeedScope, event: PlainEvent): void {
  const { body } = event;
  if (!isMeant(row, body) || !isLetThrough(ctx, row, body.from.owner, body.to)) return;
  ctx.store.write(() => {
    if (ctx.rosters.of(row.mesh).policy.requireE2E) return noteForbidden(ctx, row, event);
    if (inboxRow(ctx.store, row.mesh, senderOf(body.from), body.id) !== undefined) return;
    const thread = threadOf(ctx, body);
    const verdict = verdictOn(ctx, row, body, thread);
    const isRefused = verdict.take === "refuse";
    addInbox(ctx.store, {
      ...plainRow(event, ctx.now()),
      ...thread,
      ...(isRefused ? { text: "" } : {}),
      guard: verdict.take === "offer" ? null : verdict.take,
      guard_reason: verdict.take === "offer" ? null : verdict.reason,
    });
    if (!isRefused && body.mentions?.includes(row.member)) {
      const { mesh } = row;
      const sender = senderOf(body.from);
      addNotification(ctx.store, { mesh, sender, message: body.id, at: ctx.now() });
    }
  });
  ctx.wake.now();
  ctx.events.tell({ type: "message", mesh: row.mesh, id: body.id });
}

/** Stores an old plain post as read. Part of the caller's transaction. */
export function storePastPlain(
  ctx: DeviceContext,
  row: MembershipRow,
  audience: Audience,
  event: PlainEvent,
): void {
  const { body } = event;
  if (body.to !== audience || body.mesh !== row.mesh) return;
  if (!isLetThrough(ctx, row, body.from.owner, body.to)) return;
  if (inboxRow(ctx.store, row.mesh, senderOf(body.from), body.id) !== undefined) return;
  addInbox(ctx.store, { ...plainRow(event, ctx.now()), isPassed: true });
}

/** Whether a plain message can be for this member at all. */
const isMeant = (row: MembershipRow, { mesh, to }: Plain): boolean =>
  mesh === row.mesh &&
  (to === audienceOf(row.member) ||
    to === everyone ||
    groupOf(to) !== undefined ||
    topicOf(to) !== undefined);

const kindOf = (to: Audience): NewInbox["kind"] => {
  if (topicOf(to) !== undefined) return "topic";
  if (to === everyone) return "broadcast";
  return groupOf(to) === undefined ? "direct" : "group";
};

const sealedElsewhere = "(sealed with a key that is not the mesh's; this device cannot open it)";

function plainRow({ seq, body }: PlainEvent, at: number): NewInbox {
  const { from, id, mesh, priority, replyTo, subtype, text, to } = body;
  return {
    mesh,
    sender: senderOf(from),
    id,
    digest: toHex(sha256(utf8(JSON.stringify(body)))) as Hash,
    kind: kindOf(to),
    audience: audienceOfMany(to),
    own: 0,
    text: text ?? sealedElsewhere,
    priority,
    reply_to: replyTo ?? null,
    seq,
    created_at: body.at,
    received_at: at,
    to_session: null,
    from_session: null,
    thread: null,
    hop: 1,
    since: null,
    intent: null,
    subtype: subtype ?? null,
    guard: null,
    guard_reason: null,
    plain: JSON.stringify(from),
  };
}

/** Nobody says that a person wrote it, so that it counts as an agent's in the thread that it goes on with. */
function threadOf({ store }: DeviceContext, { mesh, replyTo }: Plain) {
  const cause = replyTo === undefined ? undefined : causeOf(store, mesh, replyTo);
  if (cause === undefined) return { thread: null, hop: 1, since: null };
  return { thread: cause.thread, hop: cause.hops + 1, since: cause.since || null };
}

/** The guards hold of a key or job what they hold of its owner, and of itself. */
function verdictOn(
  ctx: DeviceContext,
  row: MembershipRow,
  { from, id, mesh, to, text = "", replyTo, at, priority }: Plain,
  { thread, hop, since }: ReturnType<typeof threadOf>,
): Verdict {
  const rule = from.owner === row.member ? "accept" : senderRule(ctx.store, mesh, from.owner);
  if (rule === "refuse") return { take: "refuse", reason: "sender_refused" };
  const header = {
    ...{ id, mesh, to, hop, priority, createdAt: at },
    from: { member: senderOf(from) },
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(thread === null ? {} : { thread }),
    ...(since === null ? {} : { since }),
  } as EnvelopeHeader;
  const verdict = onReceive(ctx, row, { header, body: { text } satisfies MessageBody });
  if (verdict.take !== "offer" || rule !== "hold") return verdict;
  return { take: "hold", reason: "awaiting_approval" };
}

function noteForbidden(ctx: DeviceContext, { mesh }: MembershipRow, { seq, body }: PlainEvent) {
  addNotice(ctx.store, {
    mesh,
    key: `plain:${seq}`,
    code: "forbidden",
    text: `the broker brought a message of ${body.from.key === undefined ? "its own, as" : "the API key"} ${body.from.name} that nobody signed, which the mesh's policy does not allow; it was left out`,
    at: ctx.now(),
  });
}
