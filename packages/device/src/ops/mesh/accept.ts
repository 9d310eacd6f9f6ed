import type { DeviceHandler } from "../../handler.ts";
import { acceptConfirmed } from "../../restored/accept-confirmed.ts";
import { requirePerson } from "../guard/only-people.ts";
import { targetMesh } from "../target-mesh.ts";

/** Goes on from the roster that an owner has confirmed, without what was verified here beyond the place where the two part. */
export const accept: DeviceHandler<"mesh.accept"> = async ({ mesh }, ctx) => {
  requirePerson(ctx, "accept another roster");
  const row = targetMesh(ctx, mesh);
  const dropped = await acceptConfirmed(ctx, row);
  return { slug: row.slug, dropped: [...dropped], head: ctx.rosters.of(row.mesh).head };
};
