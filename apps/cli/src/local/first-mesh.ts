import type { Device } from "@claudemesh/device";
import type { MeshId } from "@claudemesh/protocol";
import type { Host, RunningBroker } from "../host.ts";
import { keepStartedMesh, readStartedMesh } from "./started-here.ts";

/** What `up` reports once it is ready. */
export interface Ready {
  readonly mesh: { readonly id: MeshId; readonly slug: string; readonly name: string };
  /** your name in it */
  readonly displayName: string;
  readonly invite: { readonly link: string; readonly code: string } | null;
  readonly isNew: boolean;
}

/** The mesh of this data folder: on the first run it is made, named after the host, with an invite; later it is found again. */
export async function firstMesh(
  device: Device,
  running: RunningBroker,
  options: { readonly name: string; readonly host: Host },
): Promise<Ready> {
  const known = await readStartedMesh(running.dataDir);
  const { items } = await device.api.mesh.list({});
  const mine = items.find(({ id }) => id === known);
  if (mine) {
    if (mine.broker !== running.url) await device.rebase(mine.id, running.url);
    const { id, slug, name, displayName } = mine;
    return {
      mesh: { id, slug, name },
      displayName,
      invite: await openInvite(device, mine.id, running.publicUrl),
      isNew: false,
    };
  }
  const made = await device.api.mesh.create({
    name: options.host.hostName,
    broker: running.url,
    displayName: options.name,
  });
  await keepStartedMesh(running.dataDir, made.id);
  const { link, code } = await device.api.invite.create({ mesh: made.id });
  const { id, slug, name, displayName } = made;
  return { mesh: { id, slug, name }, displayName, invite: { link, code }, isNew: true };
}

/** An invite made here that still lets someone in, with its link on the broker's present URL. */
async function openInvite(
  device: Device,
  mesh: MeshId,
  publicUrl: string,
): Promise<Ready["invite"]> {
  const { items } = await device.api.invite.list({ mesh });
  for (const { state, link, code } of items) {
    if (state !== "pending" || link === undefined || code === undefined) continue;
    return { link: publicUrl + link.slice(link.lastIndexOf("/i/")), code };
  }
  return null;
}
