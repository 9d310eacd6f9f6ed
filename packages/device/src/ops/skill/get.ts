import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { recordShower } from "../../records/show-record.ts";
import { findSkill } from "../../skills/find-skill.ts";
import { showSkill } from "../../skills/show-skill.ts";
import { askedMesh } from "../target-mesh.ts";

/** A skill with its contents; for an agent only what it is and whose, as long as no person here trusts it. */
export const get: DeviceHandler<"skill.get"> = async ({ mesh, name }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { one, ageMs } = await findSkill(ctx, row, name);
  const shown = showSkill(ctx, row, recordShower(ctx, row), one);
  if (shown === undefined) {
    throw new MeshError("not_found", `${name}: what was shared under that name is no skill`);
  }
  const { about, contents } = shown;
  if (ctx.agentSession !== undefined && !about.trusted) return { ...about, ageMs };
  const { files, instructions } = contents;
  return { ...about, instructions, ...(files === undefined ? {} : { contents: files }), ageMs };
};
