import type { MemberId } from "@claudemesh/protocol";
import type { RosterAppend } from "../port.ts";
import { dropRowsOf, keyRecipients } from "../queries/key-rows.ts";
import { beginKey } from "../queries/keys.ts";
import type { WriteContext } from "./write-context.ts";

/** Begins the key that a roster entry commits to and forgets the rows that the entry makes worthless. Answers who has no row of it; then nothing was changed. */
export async function beginKeys(
  { db }: Pick<WriteContext, "db">,
  mesh: number,
  { begins, entry }: Pick<RosterAppend, "begins" | "entry">,
): Promise<readonly MemberId[]> {
  if (begins !== undefined) {
    const covered = await keyRecipients(db, mesh, begins.commitment);
    const missing = begins.covers.filter((id) => !covered.has(id));
    if (missing.length > 0) return missing;
    await beginKey(db, mesh, begins);
  }
  if (entry.type === "remove") await dropRowsOf(db, mesh, { member: entry.body.member });
  if (entry.type === "rekey") {
    await dropRowsOf(db, mesh, { member: entry.body.member, except: begins?.commitment });
  }
  return [];
}
