import type { PolicyChange } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { appendEntry } from "../append-entry.ts";

/** Signs what changes in the mesh's policy and appends it. Throws what `appendEntry` throws. */
export const changePolicy = (
  ctx: DeviceContext,
  row: MembershipRow,
  change: PolicyChange,
): Promise<void> =>
  ctx.links.using(row, async (link) => {
    await appendEntry(ctx, row, link, {
      type: "policy",
      body: () => change,
      send: (entry) => link.client.mesh.settings({ entry }),
    });
  });
