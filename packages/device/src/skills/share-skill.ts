import { limits, MeshError, nouns, type SkillContents, type SkillName } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { wroteIn } from "../ops/record-parts.ts";
import { writeRecord } from "../records/write-record.ts";
import type { MembershipRow } from "../store/memberships.ts";

export type NamedSkill = SkillContents & { readonly name: SkillName };

/** Throws `too_large` over what a skill may hold in all, `malformed` for two files of one path. */
export function requireFit({ files = [], instructions, name }: NamedSkill): void {
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

/** Signs a skill and has it published; it stays here, as pending, while the broker is away. */
export async function shareSkill(ctx: DeviceContext, row: MembershipRow, skill: NamedSkill) {
  requireFit(skill);
  const { name, ...contents } = skill;
  const fields = { key: name, ...contents };
  const wrote = await writeRecord(ctx, row, nouns.skill.share.name, fields);
  return { ...wroteIn(ctx, row, wrote), name };
}
