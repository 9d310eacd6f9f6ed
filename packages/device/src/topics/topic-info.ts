import type { MeshId, Topic, TopicInfo } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { namedIn } from "../names/member-names.ts";
import { dmMembers, unreadByMember } from "../store/dm-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { unreadPosts } from "../store/post-rows.ts";
import { topicRow } from "../store/topic-rows.ts";
import { describe, type ResolvedTopic } from "./resolve-topic.ts";

/** A topic as people and agents see it. */
export function topicInfo(
  ctx: DeviceContext,
  { mesh, slug }: { readonly mesh: MeshId; readonly slug: string },
  { audience, members, role, row }: ResolvedTopic,
): TopicInfo {
  const said = row.statement === null ? undefined : (JSON.parse(row.statement) as Topic);
  return {
    id: row.topic,
    name: row.name,
    visibility: row.visibility,
    mesh: { id: mesh, slug },
    ...(role === undefined ? {} : { role }),
    members,
    unread: role === undefined ? 0 : unreadPosts(ctx.store, mesh, audience, row.marker),
    ...(said?.description === undefined ? {} : { description: said.description }),
    ...(said?.history === undefined ? {} : { history: said.history }),
  };
}

/** A topic of this home as it is known now, after it was stored. */
export function knownInfo(
  ctx: DeviceContext,
  row: MembershipRow,
  topic: Topic["topic"],
): TopicInfo {
  const known = topicRow(ctx.store, row.mesh, topic);
  if (known === undefined) throw new Error(`topic ${topic} was stored and is not there`);
  return topicInfo(ctx, row, describe(ctx, row, known));
}

/** The dms of a mesh, by the other member's name: with whomever one of the two has written to the other. */
export function dmInfos(ctx: DeviceContext, { member, mesh, slug }: MembershipRow): TopicInfo[] {
  const named = namedIn(ctx, mesh);
  const others = [...named.keys()].filter((id) => id !== member);
  const unread = unreadByMember(ctx.store, mesh);
  return dmMembers(ctx.store, mesh, others)
    .map((id) => ({
      ...{
        id,
        name: named.get(id)?.name ?? id,
        visibility: "dm" as const,
        mesh: { id: mesh, slug },
      },
      ...{ role: "member" as const, members: 2, unread: unread.get(id) ?? 0 },
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
