import { nextEntry } from "@claudemesh/crypto";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { appendWithKey } from "./append-with-key.ts";

class NotWanted extends Error {}

/** Changes the mesh's key by an `epoch` entry, unless `isWanted` says that it is not needed any more. Answers the number of the newest epoch. */
export async function startEpoch(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  isWanted: () => boolean = () => true,
): Promise<number> {
  try {
    await appendWithKey(ctx, row, link, {
      make: (roster, { epoch }, by) => {
        if (!isWanted()) throw new NotWanted();
        return nextEntry(roster, "epoch", epoch, by);
      },
      send: (entry) => link.client.roster.append({ entry }),
    });
  } catch (error) {
    if (!(error instanceof NotWanted)) throw error;
  }
  return ctx.rosters.of(row.mesh).epochs.length - 1;
}

/** After someone left by itself the first admin's device that sees it changes the mesh's key. */
export async function startDueEpoch(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
): Promise<void> {
  const isWanted = () => {
    const roster = ctx.rosters.of(row.mesh);
    const role = roster.isMember(row.member) ? roster.members.get(row.member)?.role : undefined;
    return roster.isEpochDue && (role === "owner" || role === "admin");
  };
  if (isWanted()) await startEpoch(ctx, row, link, isWanted);
}
