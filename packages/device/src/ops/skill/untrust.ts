import type { DeviceHandler } from "../../handler.ts";
import { dropSkillTrust } from "../../store/skill-trust-rows.ts";
import { askedMesh } from "../target-mesh.ts";

export const untrust: DeviceHandler<"skill.untrust"> = async ({ mesh, name }, ctx) => {
  const row = askedMesh(ctx, mesh);
  ctx.store.write(() => dropSkillTrust(ctx.store, row.mesh, name));
  ctx.events.tell({ type: "skills_changed", mesh: row.mesh });
  return { name };
};
