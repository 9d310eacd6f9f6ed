import type { DeviceHandler } from "../../handler.ts";
import { shareSkill } from "../../skills/share-skill.ts";
import { targetMesh } from "../target-mesh.ts";

export const share: DeviceHandler<"skill.share"> = ({ mesh, ...skill }, ctx) =>
  shareSkill(ctx, targetMesh(ctx, mesh), skill);
