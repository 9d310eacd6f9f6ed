import { nextEntry, type Roster } from "@claudemesh/crypto";
import { audienceOfTopic, type TopicId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { appendWithKey } from "../keys/append-with-key.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { queuedPosts } from "../store/post-rows.ts";

class NotWanted extends Error {}

/** Gives a private topic its next key, known to those who are in it now, unless `isWanted` says that it is not needed any more. */
export async function renewTopicKey(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  topic: TopicId,
  isWanted: (roster: Roster) => boolean,
): Promise<void> {
  try {
    await appendWithKey(ctx, row, link, {
      topic,
      make: (roster, { commitment }, by) => {
        if (!isWanted(roster)) throw new NotWanted();
        const version = (roster.topics.get(topic)?.version ?? 0) + 1;
        return nextEntry(roster, "topic_key", { commitment, topic, version }, by);
      },
      send: (entry) => link.client.roster.append({ entry }),
    });
  } catch (error) {
    if (!(error instanceof NotWanted)) throw error;
  }
}

/** Whether a private topic needs a key that this member may make: it has none yet, or someone who has the newest is in it no more. */
export function owesTopicKey(roster: Roster, { member }: MembershipRow, topic: TopicId): boolean {
  const known = roster.topics.get(topic);
  const role = known?.members.get(member);
  if (known === undefined || role === undefined || role === "observer") return false;
  return known.isKeyDue || (known.version === 0 && role === "lead");
}

/** Renews the key of a private topic where that is due, before something is posted there. */
export async function settleTopicKey(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  topic: TopicId,
): Promise<void> {
  const isWanted = (roster: Roster) => owesTopicKey(roster, row, topic);
  if (isWanted(ctx.rosters.of(row.mesh))) await renewTopicKey(ctx, row, link, topic, isWanted);
}

/** Renews the keys that are due of the private topics that this member leads, or has posts waiting for. */
export async function settleTopicKeys(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
): Promise<void> {
  for (const { id, members } of ctx.rosters.of(row.mesh).topics.values()) {
    const isLead = members.get(row.member) === "lead";
    const own = { mesh: row.mesh, place: audienceOfTopic(id), self: row.member, limit: 1 };
    if (isLead || queuedPosts(ctx.store, own).length > 0) {
      await settleTopicKey(ctx, row, link, id);
    }
  }
}
