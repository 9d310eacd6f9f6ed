import type pg from "pg";
import { checkServer, openClient } from "./connect.ts";
import { storageError } from "./errors.ts";
import { isBehind, migrate } from "./migrate.ts";
import { postgresMigrations } from "./migrations.ts";

export interface PrepareOptions {
  readonly url: string;
  readonly ownerUrl?: string | undefined;
  /** leave the tables as they are, whatever they are */
  readonly skipMigrations?: boolean;
  readonly timeoutMs: number;
  readonly now: () => number;
}

/** A migration may walk through large tables. */
const statementMs = 3_600_000;

/** Checks that the server keeps what it acknowledges, and brings the tables up to date: as their owner where one is given, and only when there is something to do. */
export async function prepare(options: PrepareOptions): Promise<void> {
  const { url, ownerUrl, skipMigrations = false, timeoutMs, now } = options;
  const migrations = await postgresMigrations();
  const client = await openClient({ url, timeoutMs });
  let owner: pg.Client | undefined;
  try {
    await checkServer(client);
    if (skipMigrations || !(await isBehind(client, migrations))) return;
    const { rows } = await client.query<{ role: string }>("SELECT current_user AS role");
    const runtime = rows[0]?.role as string;
    owner = await openClient({ url: ownerUrl ?? url, timeoutMs, statementMs });
    await migrate(owner, migrations, { at: now(), runtime });
  } catch (error) {
    throw storageError(error);
  } finally {
    await owner?.end().catch(() => {});
    await client.end().catch(() => {});
  }
}
