import { type KeyBundleRow, limits } from "@claudemesh/protocol";
import type { MeshLink } from "../mesh-link/links.ts";

/** Leaves rows of key bundles with the broker, as many calls as it takes. */
export async function putRows(
  client: MeshLink["client"],
  rows: readonly KeyBundleRow[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += limits.keyRows) {
    await client.keys.put({ rows: rows.slice(at, at + limits.keyRows) });
  }
}
