import type { MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { noteDevices } from "../devices/note-devices.ts";
import { rekeyMesh } from "../devices/rekey-mesh.ts";
import { signAnew } from "../devices/sign-anew.ts";
import { isUnreachable, type MeshLink } from "../mesh-link/links.ts";
import { getMembership } from "../store/memberships.ts";
import { settleTopicKeys } from "../topics/private-key.ts";
import { sealVaultAnew } from "../vault/seal-anew.ts";
import { renewInvites } from "./renew-invites.ts";
import { serveKeys } from "./serve-keys.ts";
import { startDueEpoch } from "./start-epoch.ts";

/** What this device owes the others of a mesh when the roster has moved on: a new key where one is due, and open invites that go up to it. */
export const keepMeshKeys = (ctx: DeviceContext, mesh: MeshId, link: MeshLink): void =>
  inBackground(ctx, mesh, async () => {
    const row = getMembership(ctx.store, mesh);
    if (row === undefined || !ctx.rosters.of(mesh).isMember(row.member)) return;
    await rekeyMesh(ctx, row, link);
    await signAnew(ctx, row);
    await sealVaultAnew(ctx, mesh, link);
    await startDueEpoch(ctx, row, link);
    await settleTopicKeys(ctx, row, link);
    await renewInvites(ctx, row, link);
  });

/** Looks whether a device acts as this member that nobody linked. */
export const lookForDevices = (ctx: DeviceContext, mesh: MeshId, link: MeshLink): void =>
  inBackground(ctx, mesh, async () => {
    const row = getMembership(ctx.store, mesh);
    if (row !== undefined) await noteDevices(ctx, row, link);
  });

/** Seals what is here to everyone of whom the broker says that they lack it, and who may have it. */
export const serveMeshKeys = (ctx: DeviceContext, mesh: MeshId, link: MeshLink): void =>
  inBackground(ctx, mesh, async () => {
    const { items } = await link.client.keys.wanted({});
    const row = items.length === 0 ? undefined : getMembership(ctx.store, mesh);
    if (row !== undefined) await serveKeys(ctx, row, link, items);
  });

/** The feed goes on meanwhile; what fails is done when the connection is opened the next time. */
export function inBackground(ctx: DeviceContext, mesh: MeshId, work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    if (!isUnreachable(error))
      ctx.log("warn", `keys of ${mesh.slice(0, 13)} were not kept up: ${String(error)}`);
  });
}
