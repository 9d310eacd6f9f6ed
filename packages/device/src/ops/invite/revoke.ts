import { inviteSecret, parseInvite } from "@claudemesh/crypto";
import { InviteId, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { DeviceHandler } from "../../handler.ts";
import { startEpoch } from "../../keys/start-epoch.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { appendEntry } from "../append-entry.ts";
import { targetMesh } from "../target-mesh.ts";

/** Ends an invite, named by its id, link or code; one whose code leaked together with the mesh key that it opened. */
export const revoke: DeviceHandler<"invite.revoke"> = async ({ mesh, invite, leaked }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const id = idOf(invite.trim());
  if (leaked) requireKeyChanger(ctx, row);
  return ctx.links.using(row, async (link) => {
    const said = await appendEntry(ctx, row, link, {
      type: "invite_revoke",
      body: (roster) => {
        if (!roster.invites.has(id)) {
          throw new MeshError("not_found", `invite: there is no ${id} in ${row.slug}`, {
            hint: "list them with `claudemesh invite list`",
          });
        }
        return { invite: id };
      },
      send: (entry) => link.client.invite.revoke({ entry }),
    });
    const used = ctx.rosters.of(row.mesh).invites.get(id)?.used ?? 0;
    if (!leaked) return { id: said.id, used };
    return { id: said.id, used, epoch: await startEpoch(ctx, row, link) };
  });
};

/** A code with the broker's help opens the mesh key without any join, so revoking alone is not enough; and a key is changed by those who lead only. */
function requireKeyChanger(ctx: DeviceContext, row: MembershipRow): void {
  const role = ctx.rosters.of(row.mesh).members.get(row.member)?.role;
  if (role === "owner" || role === "admin") return;
  throw new MeshError("forbidden", "leaked: only owners and admins change the mesh's key", {
    hint: "revoke it without --leaked now, and ask an admin for the rest",
  });
}

function idOf(text: string): InviteId {
  const id = InviteId.safeParse(text);
  return id.success ? id.data : inviteSecret(parseInvite(text).code).id;
}
