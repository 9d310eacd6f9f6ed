import {
  type MemberId,
  MeshError,
  type MessageId,
  type MessageState,
  topicOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { namedIn } from "../../names/member-names.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { drainOutbox } from "../../outbox/drain-outbox.ts";
import { stateWhenSent } from "../../outbox/state-when-sent.ts";
import type { MemberTarget, SharedTarget } from "../../outbox/target.ts";
import { inboxRow } from "../../store/inbox-rows.ts";
import { getMembership, listMemberships, type MembershipRow } from "../../store/memberships.ts";
import { outboxRow } from "../../store/outbox-rows.ts";
import { addChange } from "../../store/post-rows.ts";
import { type Conversation, dmWith } from "../../topics/conversation.ts";
import type { FollowUpKind } from "../../topics/follow-ups.ts";
import { readyToPost } from "../../topics/ready-to-post.ts";
import { resolveTopic } from "../../topics/resolve-topic.ts";
import { settlePost } from "../../topics/settle-post.ts";
import { findMessage } from "../message/find-message.ts";
import { queueMessages } from "../message/queue-messages.ts";

const budgetMs = 60_000;

interface Said {
  readonly mesh?: string | undefined;
  readonly id: string;
  readonly kind: FollowUpKind;
  readonly text: string;
}

interface Found {
  readonly row: MembershipRow;
  readonly id: MessageId;
  readonly where: Conversation;
  readonly author: MemberId;
}

/** Says something of a post, as a signed message to its topic, or to the other member of a dm. Only one's own posts are edited or retracted. Answers the post's id and how far the word has got. */
export async function followUp(
  ctx: DeviceContext,
  { mesh, id: typed, kind, text }: Said,
): Promise<{ id: MessageId; state: MessageState }> {
  const post = await find(ctx, mesh, typed);
  const { row, where } = post;
  if (post.author !== row.member && (kind === "post.edit" || kind === "post.retract")) {
    throw new MeshError("forbidden", "id: only its author edits or retracts a post", {
      hint: "answer it instead, with --reply-to",
    });
  }
  const target = await targetOf(ctx, where);
  const word = ctx.store.write(() => queue(ctx, post, target, { kind, text }));
  try {
    await ctx.links.using(row, (link) => drainOutbox(ctx, row, link, { until: word, budgetMs }));
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
  const sent = outboxRow(ctx.store, word);
  if (sent?.state === "refused" || sent?.ends_as === "refused" || sent?.state === "undeliverable") {
    throw new MeshError("forbidden", `the broker refused it: ${sent.reason ?? "no reason given"}`);
  }
  return { id: post.id, state: stateWhenSent(sent) };
}

async function targetOf(
  ctx: DeviceContext,
  { row, topic, peer }: Conversation,
): Promise<MemberTarget | SharedTarget> {
  if (topic === undefined) {
    if (peer?.current) return { kind: "member", name: peer.name, member: peer.id };
    throw new MeshError("not_found", `id: ${peer?.name ?? "its other member"} has left the mesh`);
  }
  const { audience, envelope, members, row: place } = await readyToPost(ctx, row, topic);
  const name = `#${place.name}`;
  return { kind: "topic", name, audience, envelope, members: Math.max(0, members - 1) };
}

/** What an author says of its own post holds here at once, also while it waits to be sent. */
function queue(
  ctx: DeviceContext,
  { author, id: target, row, where: { place } }: Found,
  to: MemberTarget | SharedTarget,
  { kind, text }: Pick<Said, "kind" | "text">,
): MessageId {
  const { member: sender, mesh } = row;
  const [word] = queueMessages(ctx, row, {
    ...{ target: to, text, subtype: kind, priority: "low", intent: "inform", replyTo: target },
  });
  const at = ctx.now();
  addChange(ctx.store, {
    ...{ mesh, sender, id: word, audience: place, target, kind, text, seq: null, at },
  });
  if (author === sender)
    settlePost(ctx.store, { mesh, place, id: target, author, isOwn: true }, at);
  return word;
}

async function find(ctx: DeviceContext, named: string | undefined, typed: string): Promise<Found> {
  const all = listMemberships(ctx.store);
  const within = named === undefined ? undefined : resolveMesh(named, all).mesh;
  const { id, mesh, sender } = findMessage(ctx, within, typed);
  const row = getMembership(ctx.store, mesh);
  const sent = sender === undefined ? outboxRow(ctx.store, id) : undefined;
  const got = sender === undefined ? undefined : inboxRow(ctx.store, mesh, sender, id);
  const stored = sent ?? got;
  if (row === undefined || stored === undefined) throw noPost();
  const author = sender ?? row.member;
  if (stored.audience === null) {
    const other = sent === undefined ? author : (sent.recipient as MemberId);
    const peer = namedIn(ctx, mesh).get(other);
    if (peer === undefined) throw noPost();
    return { row, id, where: dmWith(row, peer), author };
  }
  const topic = topicOf(stored.audience);
  if (topic === undefined) throw noPost();
  const resolved = await resolveTopic(ctx, row, topic, "not_found");
  return { row, id, where: { row, place: resolved.audience, topic: resolved }, author };
}

const noPost = (): MeshError =>
  new MeshError("malformed", "id: that was neither posted to a topic nor written to one member", {
    hint: "what went to a group or to everyone stays as it is; answer it with --reply-to",
    detail: { field: "id" },
  });
