import { audienceOfTopic, type Envelope, type Mention, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable, type MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import { senderRule } from "../store/guard-rows.ts";
import { inboxRow } from "../store/inbox-rows.ts";
import { addNotification } from "../store/notification-rows.ts";
import { takePast } from "../topics/fetch-past.ts";
import { isLetThrough } from "../trust/keep-grants.ts";
import type { FeedScope } from "./feed-scope.ts";

/** Reads the post that is said to name this member, in a topic that it is not in, and notes that it does; whether it does the post itself says, signed. It is offered to nobody. */
export async function takeMention(
  ctx: DeviceContext,
  { row, link }: FeedScope,
  { topic, seq }: Mention,
): Promise<void> {
  const body = link && (await postAt(link, topic, seq));
  if (link === undefined || body === undefined) return;
  const { from, id, mentions = [], head, to } = body.header;
  const sender = from.member;
  if (sender === row.member || !mentions.includes(row.member)) return;
  if (to !== audienceOfTopic(topic) || !isLetThrough(ctx, row, sender, to)) return;
  if (senderRule(ctx.store, row.mesh, sender) === "refuse") return;
  if (head.seq > ctx.rosters.of(row.mesh).head.seq) {
    await syncRoster(ctx.rosters, row.mesh, link.client);
  }
  ctx.store.write(() => {
    takePast(ctx, row, to, { seq, body });
    const kept = inboxRow(ctx.store, row.mesh, sender, id);
    if (kept?.audience !== to) return;
    addNotification(ctx.store, { mesh: row.mesh, sender, message: id, at: ctx.now() });
  });
  ctx.wake.now();
}

/** The post at a place of the log; undefined where the broker does not give it. */
async function postAt(
  { client }: MeshLink,
  topic: Mention["topic"],
  seq: number,
): Promise<Envelope | undefined> {
  try {
    const { items } = await client.topic.history({ topic, before: seq + 1, limit: 1 });
    return items.find((item) => item.seq === seq)?.body;
  } catch (error) {
    if (error instanceof MeshError && !isUnreachable(error)) return undefined;
    throw error;
  }
}
