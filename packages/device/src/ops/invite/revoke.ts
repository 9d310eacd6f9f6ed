import { inviteSecret, parseInvite } from "@claudemesh/crypto";
import { InviteId, MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { appendEntry } from "../append-entry.ts";
import { targetMesh } from "../target-mesh.ts";

/** Ends an invite, named by its id, link or code. */
export const revoke: DeviceHandler<"invite.revoke"> = async ({ mesh, invite }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const id = idOf(invite.trim());
  return ctx.links.using(row, (link) =>
    appendEntry(ctx, row, link, {
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
    }).then((said) => ({ id: said.id, used: ctx.rosters.of(row.mesh).invites.get(id)?.used ?? 0 })),
  );
};

function idOf(text: string): InviteId {
  const id = InviteId.safeParse(text);
  return id.success ? id.data : inviteSecret(parseInvite(text).code).id;
}
