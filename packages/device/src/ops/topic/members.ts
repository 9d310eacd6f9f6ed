import type { MemberId, TopicRole } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { namedIn } from "../../names/member-names.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import type { ResolvedTopic } from "../../topics/resolve-topic.ts";
import { refreshMembers } from "../refresh-members.ts";
import { askedMesh } from "../target-mesh.ts";
import { conversationOf } from "./topic-of.ts";

interface Place {
  readonly member: MemberId;
  readonly role: TopicRole;
}

/** Who is in a topic; of a private one by the verified chain. A dm has its two. */
export const members: DeviceHandler<"topic.members"> = async (target, ctx) => {
  const { row, topic, peer } = await conversationOf(ctx, target, askedMesh);
  if (topic === undefined) {
    const both = [row.member, ...(peer === undefined ? [] : [peer.id])];
    return {
      items: shown(
        ctx,
        row,
        both.map((member) => ({ member, role: "member" })),
      ),
    };
  }
  return ctx.links.using(row, async (link) => ({
    items: shown(ctx, row, await inTopic(ctx, row, link, topic)),
  }));
};

async function inTopic(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  { row: { topic } }: ResolvedTopic,
): Promise<Place[]> {
  const { items } = await link.client.topic.members({ topic });
  await refreshMembers(ctx, row, link);
  const roster = ctx.rosters.of(row.mesh);
  const chain = roster.topics.get(topic)?.members;
  const said = chain === undefined ? items : [...chain].map(([member, role]) => ({ member, role }));
  return said.filter(({ member }) => roster.isMember(member));
}

function shown(ctx: DeviceContext, row: MembershipRow, places: readonly Place[]) {
  const named = namedIn(ctx, row.mesh);
  return places.map(({ member, role }) => ({
    member,
    role,
    name: named.get(member)?.name ?? member,
    self: member === row.member,
  }));
}
