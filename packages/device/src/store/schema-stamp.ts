import type { DatabaseSync } from "node:sqlite";
import { sha256, utf8 } from "@claudemesh/crypto";

/** What the database says of its own tables, indexes and triggers. */
export const schemaText = (db: DatabaseSync): string =>
  JSON.stringify(
    db
      .prepare(
        // What SQLite keeps for itself (statistics) comes and goes.
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name",
      )
      .all(),
  );

/** Thirty bits of that text's hash, never 0: what fits where SQLite keeps an application's own version. */
export function schemaStamp(db: DatabaseSync): number {
  const hash = sha256(utf8(schemaText(db)));
  return (new DataView(hash.buffer, hash.byteOffset).getUint32(0) >>> 2) | 1;
}
