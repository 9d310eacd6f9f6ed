import type { DeviceContext } from "../context.ts";
import { impliedMesh, resolveMesh } from "../names/resolve-mesh.ts";
import { listMemberships, type MembershipRow, markUsed } from "../store/memberships.ts";

/** The membership that a command speaks of, remembered as the last used where somebody is there to use it. Throws `not_found`, `ambiguous`. */
export function targetMesh(ctx: DeviceContext, mesh: string | undefined): MembershipRow {
  const all = listMemberships(ctx.store);
  const row = spokenOf(mesh, all);
  if (ctx.once !== undefined) return row;
  ctx.store.write(() => markUsed(ctx.store, row.mesh, Math.max(ctx.now(), newest(all) + 1)));
  return row;
}

/** What was used last counts, also where the clock stepped back. */
const newest = (all: readonly MembershipRow[]): number =>
  all.reduce((max, { used_at }) => Math.max(max, used_at), 0);

/** The membership that a query speaks of. A query leaves no mark: the daemon asks by itself, and must not decide where the next message goes. Throws `not_found`, `ambiguous`. */
export const askedMesh = ({ store }: DeviceContext, mesh: string | undefined): MembershipRow =>
  spokenOf(mesh, listMemberships(store));

const spokenOf = (mesh: string | undefined, all: readonly MembershipRow[]): MembershipRow =>
  mesh === undefined ? impliedMesh(all) : resolveMesh(mesh, all);
