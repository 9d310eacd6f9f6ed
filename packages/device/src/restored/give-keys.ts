import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { serveKeys } from "../keys/serve-keys.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";

/**
 * Seals for everyone the keys that began after entry `after`: a restored broker, which was just given those entries, has lost their bundles. Who is not reached so asks for its key, as
 * one does that lacks it for any other reason.
 */
export async function giveKeys(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  after: number,
): Promise<void> {
  const roster = ctx.rosters.of(row.mesh);
  const keys = [...roster.epochs, ...[...roster.topics.values()].flatMap((topic) => topic.keys)];
  const lost = keys.filter(({ seq }) => seq > after);
  const members = [...roster.members.keys()].filter((id) => roster.isMember(id));
  const wants = lost.flatMap(({ commitment }) => members.map((member) => ({ member, commitment })));
  try {
    await serveKeys(ctx, row, link, wants);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    ctx.log("warn", `a restored broker was not given the keys that it lost: ${error.message}`);
  }
}
