import { MeshError, type SkillName } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { ShownRecord } from "../records/pending.ts";
import { readRecords } from "../records/read-records.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** A skill by its name. Throws `not_found`. */
export async function findSkill(
  ctx: DeviceContext,
  row: MembershipRow,
  name: SkillName,
): Promise<{ readonly one: ShownRecord; readonly ageMs: number }> {
  const { items, ageMs } = await readRecords(
    ctx,
    row,
    "skill",
    async (client) => {
      try {
        const { record } = await client.skill.get({ key: name });
        return record === undefined ? [] : [record];
      } catch (error) {
        // What waits here may be the first of that name.
        if (error instanceof MeshError && error.code === "not_found") return [];
        throw error;
      }
    },
    ({ key }) => key === name,
  );
  const [one] = items;
  if (one !== undefined) return { one, ageMs };
  throw new MeshError("not_found", `there is no skill ${name} in ${row.slug}`, {
    hint: "claudemesh skill list shows what there is",
  });
}
