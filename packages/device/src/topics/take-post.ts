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
import { placeOfPost } from "../store/post-place.ts";
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
    const { member: self } = scope.row;
    takeFollowUp(ctx.store, header, body, { seq, self });
    settleTarget(ctx, self, header);
    warnOfForeign(ctx, scope, header, body);
    return;
  }
  const { member } = scope.row;
  if (from.member === member || !mentions?.includes(member)) return;
  addNotification(ctx.store, { mesh, sender: from.member, message: id, at: ctx.now() });
}

/** Applies what a post's author said of it to what is stored. */
export function settleTarget(ctx: DeviceContext, self: MemberId, header: EnvelopeHeader): void {
  const { from, mesh, replyTo } = header;
  if (replyTo === undefined) return;
  const { member: author } = from;
  const place = placeOfPost(header, self);
  const post = { mesh, place, id: replyTo, author, isOwn: author === self };
  settlePost(ctx.store, post, ctx.now());
}

/** Who tries to change another's post is told of; the post stays as its author wrote it. */
function warnOfForeign(
  ctx: DeviceContext,
  scope: FeedScope,
  header: EnvelopeHeader,
  { subtype }: MessageBody,
): void {
  const { from, id, mesh, replyTo, to } = header;
  if (replyTo === undefined || (subtype !== "post.edit" && subtype !== "post.retract")) return;
  const place = placeOfPost(header, scope.row.member);
  const author = postAuthor(ctx.store, mesh, place, replyTo) ?? ownPost(ctx, scope, replyTo);
  if (author === undefined || author === from.member) return;
  const topic = topicOf(to);
  const whose =
    topic === undefined
      ? "a message of yours"
      : `a post of another in #${topicName(ctx.store, mesh, topic)}`;
  const what = subtype === "post.edit" ? "edit" : "retract";
  addNotice(ctx.store, {
    mesh,
    key: `post:${from.member}:${id}`,
    code: "forbidden",
    text: `${senderName(ctx, scope, from.member)} tried to ${what} ${whose}; it stays as it was`,
    at: ctx.now(),
  });
}

const ownPost = (ctx: DeviceContext, { row }: FeedScope, id: string) =>
  ctx.store.get("SELECT 1 FROM outbox WHERE id = ? AND mesh = ?", id, row.mesh) === undefined
    ? undefined
    : row.member;
