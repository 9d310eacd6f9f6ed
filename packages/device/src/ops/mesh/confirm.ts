import { nextEntry } from "@claudemesh/crypto";
import type { DeviceHandler } from "../../handler.ts";
import { appendWithKey } from "../../keys/append-with-key.ts";
import { requirePerson } from "../guard/only-people.ts";
import { targetMesh } from "../target-mesh.ts";

/** Signs on top of the roster that a restored broker goes on from, with a new mesh key; from then on others may change it again. */
export const confirm: DeviceHandler<"mesh.confirm"> = async ({ mesh }, ctx) => {
  requirePerson(ctx, "confirm a restored roster");
  const row = targetMesh(ctx, mesh);
  return ctx.links.using(row, async (link) => {
    const { head } = await appendWithKey(ctx, row, link, {
      make: (roster, { epoch }, by) => nextEntry(roster, "epoch", epoch, by),
      send: (entry) => link.client.mesh.confirm({ entry }),
    });
    return { slug: row.slug, head, epoch: ctx.rosters.of(row.mesh).epochs.length - 1 };
  });
};
