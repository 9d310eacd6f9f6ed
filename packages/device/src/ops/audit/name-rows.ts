import type { AuditRow, MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { namedIn } from "../../names/member-names.ts";

/** A row with the names that this home shows for who asked and whom it concerns. */
export type NamedRow = AuditRow & { byName?: string; aboutName?: string };

/** Adds the names that this home knows; ids of others stay as they are. */
export function nameRows(ctx: DeviceContext, mesh: MeshId, rows: readonly AuditRow[]): NamedRow[] {
  const named: ReadonlyMap<string, { readonly name: string }> = namedIn(ctx, mesh);
  return rows.map((row) => {
    const byName = named.get(row.by?.member ?? "")?.name;
    // Of a topic's member the id stands behind the topic's.
    const aboutName = named.get(row.about?.split(" ").at(-1) ?? "")?.name;
    return {
      ...row,
      ...(byName === undefined ? {} : { byName }),
      ...(aboutName === undefined ? {} : { aboutName }),
    };
  });
}
