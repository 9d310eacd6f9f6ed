import type { MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "./context.ts";
import { resolveMesh } from "./names/resolve-mesh.ts";
import { brokerUrl } from "./ops/broker-url.ts";
import { listMemberships, setBroker } from "./store/memberships.ts";

/** Has this home dial a mesh's broker at `url` from now on, and ends what is open at the old one. Throws `not_found` for a mesh that it is not in. */
export async function rebase(ctx: DeviceContext, mesh: MeshId, url: string): Promise<void> {
  const row = resolveMesh(mesh, listMemberships(ctx.store));
  ctx.store.write(() => setBroker(ctx.store, row.mesh, brokerUrl(url)));
  await ctx.lingering.get(row.mesh)?.stop();
  await ctx.links.end(row.mesh);
  await ctx.online.redial(row.mesh);
}
