import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { type EntitledKey, entitledKeys, keyAt } from "./entitled-keys.ts";
import { hidesPast } from "./hides-past.ts";
import { ringOf } from "./ring-of.ts";

/** The keys that the chain lets this home have and that are not here. */
export function lackingKeys(ctx: DeviceContext, { mesh, member }: MembershipRow): EntitledKey[] {
  const ring = ringOf(ctx, mesh);
  const entitled = entitledKeys(ctx.rosters.of(mesh), member, hidesPast(ctx, mesh));
  return entitled.filter(({ place }) => keyAt(ring, place) === undefined);
}
