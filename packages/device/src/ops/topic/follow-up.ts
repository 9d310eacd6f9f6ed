import { MeshError, type MessageId, type MessageState, topicOf } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { isUnreachable } from "../../mesh-link/links.ts";
import { resolveMesh } from "../../names/resolve-mesh.ts";
import { drainOutbox } from "../../outbox/drain-outbox.ts";
import { stateWhenSent } from "../../outbox/state-when-sent.ts";
import { inboxRow } from "../../store/inbox-rows.ts";
import { getMembership, listMemberships, type MembershipRow } from "../../store/memberships.ts";
import { outboxRow } from "../../store/outbox-rows.ts";
import { addChange } from "../../store/post-rows.ts";
import type { FollowUpKind } from "../../topics/follow-ups.ts";
import { readyToPost } from "../../topics/ready-to-post.ts";
import { type ResolvedTopic, resolveTopic } from "../../topics/resolve-topic.ts";
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
  readonly topic: ResolvedTopic;
  readonly isOwn: boolean;
}

/** Says something of a post, as a signed message to its topic. Only one's own posts are edited or retracted. Answers the post's id and how far the word has got. */
export async function followUp(
  ctx: DeviceContext,
  { mesh, id: typed, kind, text }: Said,
): Promise<{ id: MessageId; state: MessageState }> {
  const post = await find(ctx, mesh, typed);
  if (!post.isOwn && (kind === "post.edit" || kind === "post.retract")) {
    throw new MeshError("forbidden", "id: only its author edits or retracts a post", {
      hint: "answer it instead, with --reply-to",
    });
  }
  const { row } = post;
  const topic = await readyToPost(ctx, row, post.topic);
  const word = ctx.store.write(() => queue(ctx, { ...post, topic }, { kind, text }));
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

function queue(
  ctx: DeviceContext,
  { row, id: target, topic }: Found,
  { kind, text }: Pick<Said, "kind" | "text">,
): MessageId {
  const { audience, envelope, members, row: place } = topic;
  const name = `#${place.name}`;
  const [word] = queueMessages(ctx, row, {
    target: { kind: "topic", name, audience, envelope, members: Math.max(0, members - 1) },
    ...{ text, subtype: kind, priority: "low", intent: "inform", replyTo: target },
  });
  const at = ctx.now();
  const sender = row.member;
  const { mesh } = row;
  addChange(ctx.store, { mesh, sender, id: word, audience, target, kind, text, seq: null, at });
  return word;
}

async function find(ctx: DeviceContext, named: string | undefined, typed: string): Promise<Found> {
  const all = listMemberships(ctx.store);
  const within = named === undefined ? undefined : resolveMesh(named, all).mesh;
  const { id, mesh, sender } = findMessage(ctx, within, typed);
  const row = getMembership(ctx.store, mesh);
  const stored =
    sender === undefined ? outboxRow(ctx.store, id) : inboxRow(ctx.store, mesh, sender, id);
  const audience = stored?.audience ?? null;
  const topic = audience === null ? undefined : topicOf(audience);
  if (row === undefined || topic === undefined) {
    throw new MeshError("malformed", "id: that was not posted to a topic", {
      detail: { field: "id" },
    });
  }
  const resolved = await resolveTopic(ctx, row, topic, "not_found");
  return { row, id, topic: resolved, isOwn: sender === undefined || sender === row.member };
}
