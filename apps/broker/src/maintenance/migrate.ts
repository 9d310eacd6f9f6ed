import { ready } from "@claudemesh/crypto/verify";
import { loadMigrations } from "../store/migrations.ts";
import { checkSchema } from "../store/sqlite/check-schema.ts";
import { checkIntegrity, openForWriting } from "../store/sqlite/connection.ts";
import { storageError } from "../store/sqlite/errors.ts";
import { holdFolder } from "../store/sqlite/folder.ts";
import { migrate } from "../store/sqlite/migrate.ts";
import { reading } from "./check.ts";
import { databaseOf } from "./data-folder.ts";
import type { StorePlace } from "./postgres/database.ts";

export interface Migrated {
  /** what was applied before, in order */
  readonly applied: readonly string[];
  /** what was missing: applied now, or to be applied */
  readonly pending: readonly string[];
}

export interface MigrateWish extends StorePlace {
  readonly dry: boolean;
  readonly at: number;
}

/** Brings the store's schema up to date without starting a broker; with `dry` it only says what is missing. Throws `in_use`, `home_damaged`, `upgrade_required`. */
export async function migrateBroker(wish: MigrateWish): Promise<Migrated> {
  await ready();
  const { folder, database, dry, at } = wish;
  if (database !== undefined) {
    const { migrateDatabase } = await import("./postgres/migrate-database.ts");
    return await migrateDatabase(database, { dry, at });
  }
  const path = databaseOf(folder);
  const migrations = await loadMigrations();
  const applied = await reading(path, (db) =>
    (db.prepare("SELECT name FROM migration ORDER BY name").all() as { name: string }[]).map(
      ({ name }) => name,
    ),
  );
  const pending = migrations.map(({ name }) => name).filter((name) => !applied.includes(name));
  if (dry) return { applied, pending };
  const held = holdFolder(folder);
  try {
    checkIntegrity(path);
    const db = openForWriting(path);
    try {
      migrate(db, migrations, at);
      checkSchema(db, path, migrations);
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      db.close();
    }
  } catch (error) {
    throw storageError(error, path);
  } finally {
    held.release();
  }
  return { applied, pending };
}
