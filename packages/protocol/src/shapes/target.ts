import { z } from "zod";

/** Which mesh a verb speaks of: slug, id, or a unique prefix of the id. Without it: the only one, or the last used. */
export const MeshTarget = z.strictObject({
  mesh: z.string().min(1).max(100).optional().describe("slug or id of the mesh"),
});

/** A mesh that must be named. */
export const HeldMesh = z.strictObject({
  mesh: z.string().min(1).max(100).describe("slug or id of the mesh"),
});

/** For those who leave a mesh or topic. */
export const evenAsLast = z
  .boolean()
  .default(false)
  .describe("also where nobody else has a private topic's key, so that what was posted is lost");
