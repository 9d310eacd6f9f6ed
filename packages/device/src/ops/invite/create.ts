import { createInviteCode, formatInviteLink, inviteSecret, type Roster } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { sealedHead, welcomeOf } from "../../keys/renew-invites.ts";
import { appendEntry } from "../append-entry.ts";
import { ownerWarning } from "../describe-membership.ts";
import { targetMesh } from "../target-mesh.ts";

/** Draws a code, appends the invite that belongs to it, and leaves the welcome blob with the broker. The code is kept here before it is of use. */
export const create: DeviceHandler<"invite.create"> = async (
  { mesh, role, uses, expires },
  ctx,
) => {
  const row = targetMesh(ctx, mesh);
  if (expires <= 0) throw new MeshError("malformed", "expires: it must be longer than nothing");
  const code = createInviteCode(ctx.random);
  const secret = inviteSecret(code);
  return ctx.links.using(row, async (link) => {
    const expiresAt = ctx.now() + link.clockAheadMs + expires;
    ctx.store.write(() =>
      ctx.store.run(
        "INSERT INTO invite_made (invite, mesh, code) VALUES (?, ?, ?)",
        secret.id,
        row.mesh,
        code,
      ),
    );
    let roster: Roster = ctx.rosters.of(row.mesh);
    const { publicUrl } = await appendEntry(ctx, row, link, {
      type: "invite",
      body: (now) => {
        roster = now;
        return { expiresAt, invite: secret.id, key: secret.key, role, uses };
      },
      send: (entry) =>
        link.client.invite.create({
          entry,
          welcome: secret.seal(welcomeOf(ctx, roster), ctx.random),
          ...sealedHead(ctx, secret, roster),
        }),
    });
    const shareable = formatInviteLink(publicUrl, code);
    ctx.store.write(() =>
      ctx.store.run(
        "UPDATE invite_made SET link = ?, epoch = ?, head = ? WHERE invite = ?",
        shareable,
        roster.epochs.length - 1,
        roster.head.seq,
        secret.id,
      ),
    );
    const now = ctx.rosters.of(row.mesh);
    const warning = ownerWarning(ctx, now.members.get(row.member)?.role ?? "guest", now.ownerCount);
    const told = warning === undefined ? {} : { warning };
    return { id: secret.id, link: shareable, code, role, uses, expiresAt, ...told };
  });
};
