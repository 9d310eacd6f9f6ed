import { permissionTable, roleRank } from "@claudemesh/crypto";
import {
  type MemberRole,
  MeshError,
  type Permissions,
  permissionNames,
} from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { appendEntry } from "../append-entry.ts";
import { onMember } from "./on-member.ts";

/** Shows the eleven permissions; `set` appends the role again with what is set apart from it. */
export const permissions: DeviceHandler<"member.permissions"> = async (
  { mesh, member, action, reset, ...flags },
  ctx,
) =>
  onMember(ctx, { mesh, member }, async ({ row, link, who }) => {
    const change = Object.fromEntries(
      permissionNames.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
    ) as Permissions;
    const isChange = reset || Object.keys(change).length > 0;
    requireFitting(action, isChange);
    if (isChange) {
      await appendEntry(ctx, row, link, {
        type: "role",
        body: (roster) => {
          const now = roster.members.get(who.id);
          const kept = reset ? {} : now?.permissions;
          const after = { ...kept, ...change };
          requirePossible(after, now?.role ?? "guest");
          return { member: who.id, role: now?.role ?? "guest", permissions: after };
        },
        send: (entry) => link.client.member.permissions({ entry }),
      });
    }
    const roster = ctx.rosters.of(row.mesh);
    const now = roster.members.get(who.id);
    return {
      member: who.id,
      name: who.name,
      role: now?.role ?? "guest",
      permissions: { ...roster.effectivePermissions(who.id) },
      overrides: { ...now?.permissions },
    };
  });

function requireFitting(action: "get" | "set", isChange: boolean): void {
  if (action === "set" && !isChange) {
    throw new MeshError("malformed", "set: name at least one permission, or --reset", {
      hint: "for example: claudemesh member permissions set <member> --deploy=false",
    });
  }
  if (action === "get" && isChange) {
    throw new MeshError("malformed", "get: it shows the permissions and changes none", {
      hint: "to change them: claudemesh member permissions set <member>",
    });
  }
}

/** What would be without effect is not written. */
function requirePossible(after: Permissions, role: MemberRole): void {
  for (const name of permissionNames) {
    const { lowest } = permissionTable[name];
    if (after[name] === true && roleRank[role] > roleRank[lowest]) {
      throw new MeshError("forbidden", `${name}: one with the role ${role} cannot have it`, {
        hint: `it takes the role ${lowest} at least: claudemesh member role <member> ${lowest}`,
      });
    }
    if (after[name] === false && role === "owner") {
      throw new MeshError("forbidden", `${name}: an owner has every permission`);
    }
  }
}
