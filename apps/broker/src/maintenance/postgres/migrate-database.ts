import { applied } from "../../store/postgres/migrate.ts";
import { postgresMigrations } from "../../store/postgres/migrations.ts";
import type { Migrated } from "../migrate.ts";
import { alone, connected, type Database, prepared } from "./database.ts";

/** Brings a database's tables up to date while no broker uses it; with `dry` it only says what is missing. */
export async function migrateDatabase(
  database: Database,
  { dry, at }: { readonly dry: boolean; readonly at: number },
): Promise<Migrated> {
  const known = await connected(database.url, applied);
  const names = known.map(({ name }) => name);
  const shipped = (await postgresMigrations()).map(({ name }) => name);
  const pending = shipped.filter((name) => !names.includes(name));
  if (!dry) await alone(database, () => prepared(database, at));
  return { applied: names, pending };
}
