import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { groupPath } from "../../names/groups.ts";
import { changeProfile } from "../member/change-profile.ts";
import { targetMesh } from "../target-mesh.ts";
import { joined } from "./joined.ts";

/** Signs a profile that names the group no more. Throws `not_found` for one that it does not name. */
export const leave: DeviceHandler<"group.leave"> = async ({ mesh, group: typed }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const group = groupPath(typed);
  const fields = await changeProfile(ctx, row, (before) => {
    const groups = before.groups ?? [];
    if (!groups.includes(group)) throw notIn(group, groups);
    return { groups: groups.filter((one) => one !== group) };
  });
  return joined(row, group, fields);
};

function notIn(group: string, groups: readonly string[]): MeshError {
  const below = groups.filter((one) => one.startsWith(`${group}/`));
  const mine = groups.map((one) => `@${one}`).join(", ");
  const known = groups.length === 0 ? "you are in none" : `yours: ${mine}`;
  const [first] = below;
  return new MeshError("not_found", `group: you are not in @${group}; ${known}`, {
    ...(first === undefined ? {} : { hint: `you are in it by @${first}: leave that` }),
    detail: { field: "group", groups },
  });
}
