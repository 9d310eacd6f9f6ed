import type { Bus } from "../bus/port.ts";
import type { BrokerSecrets } from "../config/secrets.ts";
import type { BrokerConfig } from "../config/settings.ts";
import type { Timer } from "../timer.ts";
import { refuseMoved } from "./moved.ts";
import type { Store } from "./port.ts";
import { openSqliteStore } from "./sqlite/open.ts";
import type { SpawnWriter } from "./sqlite/writer-client.ts";
import type { WriteMeter } from "./writing/waiting.ts";

export interface StoreSurroundings {
  readonly now: () => number;
  readonly timer: Timer;
  readonly meter: WriteMeter;
  readonly bus: Bus;
  readonly spawnWriter?: SpawnWriter | undefined;
  readonly log: (event: string, cause: unknown) => void;
}

/** Opens the store that the operator chose: the PostgreSQL database of `DATABASE_URL`, or the data folder's own. */
export async function openStore(
  config: BrokerConfig,
  secrets: BrokerSecrets,
  around: StoreSurroundings,
): Promise<Store> {
  if (secrets.databaseUrl === undefined) {
    refuseMoved(config.dataDir);
    const { dataDir: folder, skipMigrations } = config;
    return await openSqliteStore({ folder, skipMigrations, ...around });
  }
  // Who has no such database does not load its driver.
  const { openPostgresStore } = await import("./postgres/open.ts");
  return await openPostgresStore({
    url: secrets.databaseUrl,
    ownerUrl: secrets.databaseOwnerUrl,
    readers: config.postgresReaders,
    writers: config.postgresWriters,
    timeoutMs: config.postgresTimeoutMs,
    skipMigrations: config.skipMigrations,
    ...around,
  });
}
