import type { MemberId, TopicId, TopicRole } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { entitledKeys } from "../keys/entitled-keys.ts";
import { hidesPast } from "../keys/hides-past.ts";
import { serveKeys } from "../keys/serve-keys.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { appendEntry } from "../ops/append-entry.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { settleTopicKey } from "./private-key.ts";

/** Adds a member to a private topic, or changes its role there, and seals to it the keys that it may have. The first one to be added founds the topic. */
export async function addToTopic(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  place: { readonly topic: TopicId; readonly member: MemberId; readonly role: TopicRole },
): Promise<void> {
  const { topic, member, role } = place;
  await appendEntry(ctx, row, link, {
    type: "topic_add",
    body: () => ({ member, role, topic }),
    send: (entry) => link.client.roster.append({ entry }),
  });
  await settleTopicKey(ctx, row, link, topic);
  if (member === row.member) return;
  const wanted = entitledKeys(ctx.rosters.of(row.mesh), member, hidesPast(ctx, row.mesh))
    .filter((key) => "topic" in key.place && key.place.topic === topic)
    .map(({ commitment }) => ({ member, commitment }));
  await serveKeys(ctx, row, link, wanted);
}

/** Takes a member out of a private topic; whoever stays reads on under a new key, which one who leaves cannot make. */
export async function removeFromTopic(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  { topic, member }: { readonly topic: TopicId; readonly member: MemberId },
): Promise<void> {
  await appendEntry(ctx, row, link, {
    type: "topic_remove",
    body: () => ({ member, topic }),
    send: (entry) => link.client.roster.append({ entry }),
  });
  await settleTopicKey(ctx, row, link, topic);
}
