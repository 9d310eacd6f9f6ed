import { readdirSync, readFileSync } from "node:fs";
import { ready, sha256, toHex, utf8 } from "@claudemesh/crypto/verify";

/** One numbered, forward-only step of the schema. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, lower-case hex */
  readonly hash: string;
}

const shipped = new URL("./migrations/", import.meta.url);

/** The migrations of a folder in the order of their numbers; by default the ones that this broker ships. */
export async function loadMigrations(folder: URL = shipped): Promise<readonly Migration[]> {
  await ready();
  return readdirSync(folder)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), "utf8");
      return { name, sql, hash: toHex(sha256(utf8(sql))) };
    });
}
