import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { repeatAccepted } from "./repeat-accepted.ts";
import { sayStatements } from "./say-statements.ts";

/**
 * Gives a restored broker what it may lack and this home has; nothing where it lacks nothing. Statements go first: messages stand on them. What is left at `deadline`, or fails, is given
 * the next time, and keeps nothing else from going out. Throws what storage refuses.
 */
export async function giveBack(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  deadline: number,
): Promise<void> {
  try {
    await sayStatements(ctx, row, link);
    await repeatAccepted(ctx, row, link, deadline);
  } catch (error) {
    if (!(error instanceof MeshError) || ["disk_full", "home_damaged"].includes(error.code)) {
      throw error;
    }
    ctx.log("warn", `the restored broker was not given everything yet: ${error.message}`);
  }
}
