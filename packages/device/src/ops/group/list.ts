import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { groupsAmong } from "../../names/groups.ts";
import { namedIn } from "../../names/member-names.ts";
import { cachedRead } from "../cached-read.ts";
import { refreshMembers } from "../refresh-members.ts";
import { askedMesh } from "../target-mesh.ts";

/** Every group by its verified profiles, with its members at any depth. */
export const list: DeviceHandler<"group.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { ageMs } = await cachedRead(ctx, row, nouns.member.list.name, (link) =>
    refreshMembers(ctx, row, link),
  );
  const groups = groupsAmong(namedIn(ctx, row.mesh).values());
  const items = [...groups].map(([group, members]) => ({
    group,
    self: members.some(({ id }) => id === row.member),
    members: members.map(({ id, name }) => ({ member: id, name })),
  }));
  return { mesh: { id: row.mesh, slug: row.slug }, items, ageMs };
};
