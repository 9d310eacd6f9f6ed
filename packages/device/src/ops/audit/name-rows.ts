import type { ApiKeyId, AuditRow, MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { namedIn } from "../../names/member-names.ts";

/** A row with the names that this home shows for who asked and whom it concerns. */
export type NamedRow = AuditRow & { byName?: string; aboutName?: string };

type KeyNames = ReadonlyMap<string, string>;

/** Adds the names that this home knows, and those that the broker has for API keys; ids of others stay as they are. */
export async function nameRows(
  ctx: DeviceContext,
  mesh: MeshId,
  rows: readonly AuditRow[],
  { client }: Pick<MeshLink, "client">,
): Promise<NamedRow[]> {
  const named: ReadonlyMap<string, { readonly name: string }> = namedIn(ctx, mesh);
  const isOfKeys = rows.some(({ about, by }) => by?.apiKey !== undefined || isKey(about));
  const keys = isOfKeys ? keyNames((await client.apikey.list({})).items) : new Map();
  return rows.map((row) => {
    const byName = byOf(row, named.get(row.by?.member ?? "")?.name, keys);
    // Of a topic's member the id stands behind the topic's.
    const about = row.about?.split(" ").at(-1) ?? "";
    const aboutName = named.get(about)?.name ?? keys.get(about);
    return {
      ...row,
      ...(byName === undefined ? {} : { byName }),
      ...(aboutName === undefined ? {} : { aboutName }),
    };
  });
}

const isKey = (about: string | undefined): boolean => about?.startsWith("key_") ?? false;

const keyNames = (keys: readonly { readonly id: ApiKeyId; readonly name: string }[]): KeyNames =>
  new Map(keys.map(({ id, name }) => [id, `key ${name}`]));

/** A key acts for its owner. */
function byOf({ by }: AuditRow, owner: string | undefined, keys: KeyNames): string | undefined {
  const key = keys.get(by?.apiKey ?? "");
  if (key === undefined) return owner;
  return owner === undefined ? key : `${key} of ${owner}`;
}
