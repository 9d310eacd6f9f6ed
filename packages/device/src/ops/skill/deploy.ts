import type { DeviceHandler } from "../../handler.ts";
import { fetchSkills } from "../../skills/fetch-skills.ts";
import { requireFit, shareSkill } from "../../skills/share-skill.ts";
import { targetMesh } from "../target-mesh.ts";

/** Reads every skill of a folder, zip or repository before the first is published, so that a bad one publishes none. */
export const deploy: DeviceHandler<"skill.deploy"> = async ({ mesh, source }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const skills = await fetchSkills(ctx, source);
  for (const skill of skills) requireFit(skill);
  const items: Awaited<ReturnType<typeof shareSkill>>[] = [];
  for (const skill of skills) items.push(await shareSkill(ctx, row, skill));
  return { items };
};
