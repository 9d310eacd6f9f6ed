import type { DeviceHandler } from "../../handler.ts";
import { namedMembers } from "../../names/member-names.ts";
import { refreshMembers } from "../refresh-members.ts";
import { askedMesh } from "../target-mesh.ts";
import { topicOf } from "./topic-of.ts";

/** Who is in a topic; of a private one by the verified chain. */
export const members: DeviceHandler<"topic.members"> = async (target, ctx) => {
  const { row, topic } = await topicOf(ctx, target, askedMesh);
  return ctx.links.using(row, async (link) => {
    const { items } = await link.client.topic.members({ topic });
    await refreshMembers(ctx, row, link);
    const roster = ctx.rosters.of(row.mesh);
    const named = namedMembers(ctx.store, row.mesh, roster);
    const chain = roster.topics.get(topic)?.members;
    const said =
      chain === undefined ? items : [...chain].map(([member, role]) => ({ member, role }));
    return {
      items: said
        .filter(({ member }) => roster.isMember(member))
        .map(({ member, role }) => ({
          member,
          role,
          name: named.get(member)?.name ?? member,
          self: member === row.member,
        })),
    };
  });
};
