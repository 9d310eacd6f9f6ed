import { statSync } from "node:fs";
import { isAbsolute } from "node:path";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { readFolder } from "./read-folder.ts";
import { withRepository } from "./read-repository.ts";
import { withZip } from "./read-zip.ts";
import type { NamedSkill } from "./share-skill.ts";
import { skillsIn } from "./skills-in.ts";

/** The skills of a folder, a SKILL.md, a zip file or a git repository. Throws `malformed`, `not_found`, `too_large`, `timeout`. */
export async function fetchSkills(ctx: DeviceContext, source: string): Promise<NamedSkill[]> {
  if (!isAbsolute(source)) return withRepository(ctx, source, skillsIn);
  const found = statSync(source, { throwIfNoEntry: false });
  if (found === undefined) throw new MeshError("not_found", `source: there is no ${source}`);
  if (found.isDirectory() || source.endsWith(".md")) return skillsIn(await readFolder(source));
  return withZip(source, skillsIn);
}
