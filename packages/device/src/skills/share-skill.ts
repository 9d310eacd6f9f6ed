import { limits, MeshError, nouns, type SkillContents, type SkillName } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { wroteIn } from "../ops/record-parts.ts";
import { writeRecords } from "../records/write-record.ts";
import type { MembershipRow } from "../store/memberships.ts";

export type NamedSkill = SkillContents & { readonly name: SkillName };

/** Throws `too_large` over what a skill may hold in all, `malformed` for two files of one path. */
function requireFit({ files = [], instructions, name }: NamedSkill): void {
  const bytes = [instructions, ...files.map(({ text }) => text)]
    .map((text) => Buffer.byteLength(text))
    .reduce((sum, one) => sum + one, 0);
  if (bytes > limits.skillBytes) {
    throw new MeshError("too_large", `${name}: a skill has at most ${limits.skillBytes} bytes`);
  }
  const paths = files.map(({ path }) => path.toLowerCase());
  if (new Set([...paths, "skill.md"]).size <= paths.length) {
    throw new MeshError("malformed", `${name}: files: a path is there twice`);
  }
}

/** Signs skills and has them published; they stay here, as pending, while the broker is away. Either all of them are signed and kept, or none. */
export async function shareSkills(
  ctx: DeviceContext,
  row: MembershipRow,
  skills: readonly NamedSkill[],
) {
  for (const skill of skills) requireFit(skill);
  const fields = skills.map(({ name: key, ...contents }) => ({ key, ...contents }));
  const wrote = await writeRecords(ctx, row, nouns.skill.share.name, fields);
  return wrote.map((one) => ({ ...wroteIn(ctx, row, one), name: one.key as SkillName }));
}
