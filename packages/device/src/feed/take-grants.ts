import { type Grants, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { keepGrants } from "../trust/keep-grants.ts";

/** Takes what another device of this member said of what others may do; a forged one becomes a notice. */
export function takeGrants(ctx: DeviceContext, row: MembershipRow, grants: Grants): void {
  try {
    keepGrants(ctx, row, grants);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    addNotice(ctx.store, {
      mesh: row.mesh,
      key: `grants:${grants.version}`,
      code: error.code,
      text: `grants from the broker were refused: ${error.message}`,
      at: ctx.now(),
    });
  }
}
