import {
  type EnvelopeHeader,
  type MemberId,
  type MessageBody,
  topicOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { FeedScope } from "../feed/feed-scope.ts";
import { senderName } from "../feed/refuse-message.ts";
import { addNotice } from "../store/notices.ts";
import { addNotification } from "../store/notification-rows.ts";
import { postAuthor } from "../store/post-rows.ts";
import { isFollowUp, takeFollowUp } from "./follow-ups.ts";
import { settlePost } from "./settle-post.ts";
import { topicName } from "./topic-name.ts";

/** What a verified message that is not turned away does besides being there: it changes an earlier post, or tells this member that it was named. Part of the caller's transaction. */
export function takePost(
  ctx: DeviceContext,
  scope: FeedScope,
  { header, body }: { readonly header: EnvelopeHeader; readonly body?: MessageBody },
  seq: number,
): void {
  if (body === undefined) return;
  const { from, id, mentions, mesh } = header;
  if (isFollowUp(header.to, body.subtype)) {
    takeFollowUp(ctx.store, header, body, seq);
    settleTarget(ctx, scope.row.member, header);
    warnOfForeign(ctx, scope, header, body);
    return;
  }
  const { member } = scope.row;
  if (from.member === member || !mentions?.includes(member)) return;
  addNotification(ctx.store, { mesh, sender: from.member, message: id, at: ctx.now() });
}

/** Applies what a post's author said of it to what is stored. */
export function settleTarget(
  ctx: DeviceContext,
  self: MemberId,
  { from, mesh, replyTo, to }: EnvelopeHeader,
): void {
  if (replyTo === undefined) return;
  const { member: author } = from;
  const post = { mesh, audience: to, id: replyTo, author, isOwn: author === self };
  settlePost(ctx.store, post, ctx.now());
}

/** Who tries to change another's post is told of; the post stays as its author wrote it. */
function warnOfForeign(
  ctx: DeviceContext,
  scope: FeedScope,
  { from, id, mesh, replyTo, to }: EnvelopeHeader,
  { subtype }: MessageBody,
): void {
  if (replyTo === undefined || (subtype !== "post.edit" && subtype !== "post.retract")) return;
  const author = postAuthor(ctx.store, mesh, to, replyTo) ?? ownPost(ctx, scope, replyTo);
  if (author === undefined || author === from.member) return;
  const topic = topicOf(to);
  const name = topic === undefined ? to : topicName(ctx.store, mesh, topic);
  const what = subtype === "post.edit" ? "edit" : "retract";
  addNotice(ctx.store, {
    mesh,
    key: `post:${from.member}:${id}`,
    code: "forbidden",
    text: `${senderName(ctx, scope, from.member)} tried to ${what} a post of another in #${name}; it stays as it was`,
    at: ctx.now(),
  });
}

const ownPost = (ctx: DeviceContext, { row }: FeedScope, id: string) =>
  ctx.store.get("SELECT 1 FROM outbox WHERE id = ? AND mesh = ?", id, row.mesh) === undefined
    ? undefined
    : row.member;
