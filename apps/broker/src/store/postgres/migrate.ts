import { MeshError } from "@claudemesh/protocol";
import type pg from "pg";
import { type Applied, type Migration, refuseForeign } from "../migrations.ts";
import { storageCode } from "./errors.ts";

/** Brokers that start at the same time migrate one after the other. */
const migrating = 7_214_901;

/** What was applied, in order; nothing to a database without tables. */
export const applied = async (client: pg.ClientBase): Promise<readonly Applied[]> => {
  const { rows } = await client.query("SELECT to_regclass('migration') IS NOT NULL AS made");
  if (rows[0]?.made !== true) return [];
  return (await client.query<Applied>("SELECT name, hash FROM migration ORDER BY name")).rows;
};

/** Whether a migration is to be applied yet. Throws `upgrade_required` or `home_damaged` as `migrate` does. */
export async function isBehind(
  client: pg.ClientBase,
  migrations: readonly Migration[],
): Promise<boolean> {
  const known = await applied(client);
  refuseForeign(known, migrations);
  return known.length < migrations.length;
}

/**
 * Applies the migrations that are not applied yet, each in a transaction with its own record, and lets `runtime` read and write the rows, nothing else. Throws `upgrade_required` when
 * a newer broker wrote the database or the role may not change tables, `home_damaged` when an applied file was edited.
 */
export async function migrate(
  client: pg.ClientBase,
  migrations: readonly Migration[],
  { at, runtime }: { readonly at: number; readonly runtime: string },
): Promise<void> {
  await client.query("SELECT pg_advisory_lock($1)", [migrating]);
  try {
    await client.query(
      'CREATE TABLE IF NOT EXISTS migration (name TEXT COLLATE "C" NOT NULL PRIMARY KEY, hash TEXT NOT NULL, applied_at BIGINT NOT NULL)',
    );
    const known = await applied(client);
    refuseForeign(known, migrations);
    for (const migration of migrations.slice(known.length)) await apply(client, migration, at);
    await permit(client, runtime);
  } catch (error) {
    if (storageCode(error) !== "not_writable") throw error;
    throw new MeshError("upgrade_required", "the database's role may not make its tables", {
      hint: "give the role that owns them as DATABASE_OWNER_URL",
      cause: error,
    });
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [migrating]).catch(() => {});
  }
}

async function apply(client: pg.ClientBase, { name, sql, hash }: Migration, at: number) {
  await client.query("BEGIN");
  try {
    await client.query(sql);
    await client.query("INSERT INTO migration (name, hash, applied_at) VALUES ($1, $2, $3)", [
      name,
      hash,
      at,
    ]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

/** The runtime's role may work with rows; tables, and the record of migrations, are the owner's. */
async function permit(client: pg.ClientBase, runtime: string): Promise<void> {
  const { rows } = await client.query<{ self: string; schema: string }>(
    "SELECT current_user AS self, current_schema() AS schema",
  );
  const { self, schema } = rows[0] as { self: string; schema: string };
  if (self === runtime) return;
  const [role, within] = [client.escapeIdentifier(runtime), client.escapeIdentifier(schema)];
  await client.query(`GRANT USAGE ON SCHEMA ${within} TO ${role}`);
  await client.query(
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${within} TO ${role}`,
  );
  await client.query(`REVOKE INSERT, UPDATE, DELETE ON migration FROM ${role}`);
}
