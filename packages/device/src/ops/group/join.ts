import type { DeviceHandler } from "../../handler.ts";
import { groupPath } from "../../names/groups.ts";
import { changeProfile } from "../member/change-profile.ts";
import { targetMesh } from "../target-mesh.ts";
import { joined } from "./joined.ts";

/** Signs a profile that names the group; who is in it already only gets the role. */
export const join: DeviceHandler<"group.join"> = async ({ mesh, group: typed, role }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const group = groupPath(typed);
  const fields = await changeProfile(ctx, row, (before) => {
    const groups = before.groups ?? [];
    const isIn = groups.includes(group);
    if (isIn && (role === undefined || role === before.roleTag)) return undefined;
    return {
      ...(isIn ? {} : { groups: [...groups, group] }),
      ...(role === undefined ? {} : { roleTag: role }),
    };
  });
  return joined(row, group, fields);
};
