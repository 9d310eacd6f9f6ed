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

/** The database that the broker's store lies in, by the same variables as the broker's own. */
async function database(): Promise<Database | undefined> {
  const { databaseUrl: url, databaseOwnerUrl: ownerUrl } = await loadSecrets(process.env);
  return url === undefined ? undefined : { url, ownerUrl };
}

const place = async () => ({ database: await database(), at: Date.now() });

/** The broker's own upkeep of its store, with this machine's clock and randomness. */
export const upkeep: BrokerUpkeep = {
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
