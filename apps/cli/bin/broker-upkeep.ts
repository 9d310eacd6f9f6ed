import { loadSecrets } from "@claudemesh/broker";
import {
  backupBroker,
  checkAuditFile,
  checkBroker,
  type Database,
  eraseMember,
  exportMesh,
  migrateBroker,
  migrateStore,
  restoreBroker,
  vacuumBroker,
} from "@claudemesh/broker/maintenance";
import { MeshError } from "@claudemesh/protocol";
import type { BrokerUpkeep } from "../src/host.ts";

/** The broker's own upkeep of its store, with this machine's clock and randomness. Which database that is, say the flags and variables of the broker. */
export function upkeepWith(flags: readonly string[]): BrokerUpkeep {
  const database = async (): Promise<Database | undefined> => {
    const { databaseUrl: url, databaseOwnerUrl: ownerUrl } = await loadSecrets(process.env, flags);
    return url === undefined ? undefined : { url, ownerUrl };
  };
  const place = async () => ({ database: await database(), at: Date.now() });
  return {
    backup: async (wish, tell) => backupBroker({ ...wish, ...(await place()) }, tell),
    checkAuditFile,
    check: async (wish, tell) => checkBroker({ ...wish, ...(await place()) }, tell),
    erase: async (wish) => eraseMember({ ...wish, ...(await place()) }),
    exportMesh: async (wish) => exportMesh({ ...wish, ...(await place()) }),
    migrate: async (wish) => migrateBroker({ ...wish, ...(await place()) }),
    migrateStore: async (wish, tell) => {
      const to = await database();
      if (to === undefined) {
        throw new MeshError("malformed", "DATABASE_URL: it names the database to move to", {
          detail: { field: "DATABASE_URL" },
        });
      }
      return await migrateStore({ ...wish, ...to, at: Date.now() }, tell);
    },
    restore: async (wish, tell) =>
      restoreBroker(
        {
          ...wish,
          ...(await place()),
          random: (length) => crypto.getRandomValues(new Uint8Array(length)),
        },
        tell,
      ),
    vacuum: async (wish) => vacuumBroker({ ...wish, database: await database() }),
  };
}
