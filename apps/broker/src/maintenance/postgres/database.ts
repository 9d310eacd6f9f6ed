import { MeshError } from "@claudemesh/protocol";
import type pg from "pg";
import { systemTimer } from "../../timer.ts";

/** The PostgreSQL database that a broker's store lies in. */
export interface Database {
  /** as the role that the broker runs with */
  readonly url: string;
  /** as the role that owns the tables, where that is another one */
  readonly ownerUrl?: string | undefined;
}

/** What a verb works on: the data folder's own database, or the one that is named. */
export interface StorePlace {
  readonly folder: string;
  readonly database?: Database | undefined;
}

const timeoutMs = 30_000;
/** What walks through a large table takes its time. */
const statementMs = 3_600_000;

/** Runs `use` on a connection that may take long for one statement; what storage refuses becomes a `MeshError`. */
export async function connected<T>(
  url: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  // Who has no such database does not load its driver.
  const { openClient } = await import("../../store/postgres/connect.ts");
  const { storageError } = await import("../../store/postgres/errors.ts");
  const client = await openClient({ url, timeoutMs, statementMs });
  try {
    return await use(client);
  } catch (error) {
    throw storageError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Runs `use` while no broker uses the database, on a connection of the role that owns the tables. Throws `in_use`. */
export async function alone<T>(
  { url, ownerUrl }: Database,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { Tenancy } = await import("../../store/postgres/tenancy.ts");
  const around = { url, timeoutMs, timer: systemTimer, shared: false, log: () => {} };
  const tenancy = await Tenancy.take(around);
  try {
    return await connected(ownerUrl ?? url, use);
  } finally {
    await tenancy.release();
  }
}

/** Brings the tables up to date, where that is needed, and checks that the server keeps what it acknowledges. */
export async function prepared({ url, ownerUrl }: Database, at: number): Promise<void> {
  const { prepare } = await import("../../store/postgres/prepare.ts");
  await prepare({ url, ownerUrl, timeoutMs, now: () => at });
}

/** Throws `upgrade_required` where the tables are older than this version of the broker. */
export async function requireCurrent(client: pg.Client): Promise<void> {
  const { isBehind } = await import("../../store/postgres/migrate.ts");
  const { postgresMigrations } = await import("../../store/postgres/migrations.ts");
  if (!(await isBehind(client, await postgresMigrations()))) return;
  throw new MeshError("upgrade_required", "the database is not up to date with this version", {
    hint: "bring it up to date with: claudemesh broker migrate",
  });
}
