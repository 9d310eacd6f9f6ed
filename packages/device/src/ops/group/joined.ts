import type { OpenOutput, ProfileFields } from "@claudemesh/protocol";
import type { MembershipRow } from "../../store/memberships.ts";

/** In which groups one is after a change. */
export const joined = (
  { mesh, slug }: MembershipRow,
  group: string,
  { groups = [], roleTag }: ProfileFields,
): OpenOutput<"group.join"> => ({
  mesh: { id: mesh, slug },
  group,
  groups,
  ...(roleTag === undefined ? {} : { roleTag }),
});
