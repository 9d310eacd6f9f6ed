import { newestInput, type OpenOutput, SkillContents } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { inMesh } from "../ops/record-parts.ts";
import type { ShownRecord } from "../records/pending.ts";
import type { recordShower } from "../records/show-record.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { skillTrust } from "../store/skill-trust-rows.ts";

type Shower = ReturnType<typeof recordShower>;

/** A skill without its contents, and its contents. */
export function showSkill(
  ctx: DeviceContext,
  row: MembershipRow,
  shower: Shower,
  one: ShownRecord,
): { about: OpenOutput<"skill.list">["items"][number]; contents: SkillContents } | undefined {
  const { key: name, ...fields } = newestInput(one.record);
  const read = SkillContents.safeParse(fields);
  if (!read.success || name !== one.record.key) return undefined;
  const { files = [], instructions, ...about } = read.data;
  return {
    about: {
      ...shower.shown(one),
      ...about,
      name,
      files: files.map(({ path }) => path),
      trusted: isTrusted(ctx, row, one),
      mesh: inMesh(row),
    },
    contents: read.data,
  };
}

/** One's own are, and those of which a person here has said so: of this author, under this key, signed and provably in force. */
export function isTrusted(ctx: DeviceContext, row: MembershipRow, one: ShownRecord): boolean {
  const written = one.record.written.at(-1);
  if (one.proof !== "signed" || written?.signed === undefined) return false;
  if (written.by === row.member) return true;
  const trust = skillTrust(ctx.store, row.mesh, one.record.key);
  return trust?.member === written.by && trust.author === written.signed.author;
}
