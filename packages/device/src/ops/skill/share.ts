import type { DeviceHandler } from "../../handler.ts";
import { shareSkills } from "../../skills/share-skill.ts";
import { targetMesh } from "../target-mesh.ts";

export const share: DeviceHandler<"skill.share"> = async ({ mesh, ...skill }, ctx) => {
  const [shared] = await shareSkills(ctx, targetMesh(ctx, mesh), [skill]);
  if (shared === undefined) throw new TypeError("one skill, one answer");
  return shared;
};
