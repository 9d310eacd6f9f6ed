import { readdirSync, readFileSync } from "node:fs";
import { ready, sha256, toHex, utf8 } from "@claudemesh/crypto/verify";
import { MeshError } from "@claudemesh/protocol";

/** One numbered, forward-only step of the schema. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, lower-case hex */
  readonly hash: string;
}

/** A migration that a store has. */
export interface Applied {
  readonly name: string;
  readonly hash: string;
}

const shipped = new URL("./migrations/", import.meta.url);

/**
 * The migrations of a folder in the order of their numbers; by default the ones that this broker ships. Where a dialect cannot take a file, `<name>.<dialect>.sql` stands in for
 * it under the same name.
 */
export async function loadMigrations(
  folder: URL = shipped,
  dialect?: "postgres",
): Promise<readonly Migration[]> {
  await ready();
  const files = new Set(readdirSync(folder));
  return [...files]
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const own = name.replace(/sql$/, `${dialect}.sql`);
      const sql = readFileSync(new URL(files.has(own) ? own : name, folder), "utf8");
      return { name, sql, hash: toHex(sha256(utf8(sql))) };
    });
}

/** What is applied must be the beginning of what this broker ships, file by file. Throws `upgrade_required` or `home_damaged`. */
export function refuseForeign(applied: readonly Applied[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map(({ name, hash }) => [name, hash]));
  for (const { name, hash } of applied) {
    const expected = known.get(name);
    if (expected === undefined) {
      throw new MeshError(
        "upgrade_required",
        `the store was written by a newer broker: migration ${name} is not known to this one`,
      );
    }
    if (expected !== hash) {
      throw new MeshError(
        "home_damaged",
        `migration ${name} is not the file that was applied to this store`,
      );
    }
  }
  for (const [index, { name }] of applied.entries()) {
    const shipped = migrations[index]?.name;
    if (shipped !== name) {
      throw new MeshError(
        "home_damaged",
        `migration ${shipped} was never applied to this store although the later ${name} was`,
      );
    }
  }
}
