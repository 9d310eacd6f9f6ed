import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import type { MeshLink } from "./links.ts";
import { syncRoster } from "./sync-roster.ts";

/** Makes an act that the roster has to allow. What an older roster refuses a newer one may allow: undefined where there is one now. Throws the newest one's refusal. */
export async function allowed<T>(
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  { client }: MeshLink,
  make: () => T,
): Promise<T | undefined> {
  const before = ctx.rosters.of(mesh).head.seq;
  try {
    return make();
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    await syncRoster(ctx.rosters, mesh, client);
    if (ctx.rosters.of(mesh).head.seq === before) throw error;
    return undefined;
  }
}
