import type { DeviceHandler } from "../../handler.ts";
import { fetchSkills } from "../../skills/fetch-skills.ts";
import { shareSkills } from "../../skills/share-skill.ts";
import { targetMesh } from "../target-mesh.ts";

/** Reads every skill of a folder, zip or repository before the first is published, so that a bad one publishes none. */
export const deploy: DeviceHandler<"skill.deploy"> = async ({ mesh, source }, ctx) => {
  const row = targetMesh(ctx, mesh);
  return { items: await shareSkills(ctx, row, await fetchSkills(ctx, source)) };
};
