import { loadSecrets } from "@claudemesh/broker";
import {
  backupBroker,
  checkAuditFile,
  checkBroker,
  eraseMember,
  exportMesh,
  migrateBroker,
  migrateStore,
  restoreBroker,
  vacuumBroker,
} from "@claudemesh/broker/maintenance";
import { MeshError } from "@claudemesh/protocol";
import type { BrokerUpkeep } from "../src/host.ts";

/** The broker's own upkeep of a data folder, with this machine's clock and randomness. */
export const upkeep: BrokerUpkeep = {
  backup: (wish, tell) => backupBroker({ ...wish, at: Date.now() }, tell),
  checkAuditFile,
  check: (wish, tell) => checkBroker(wish, tell),
  erase: (wish) => eraseMember({ ...wish, at: Date.now() }),
  exportMesh: (wish) => exportMesh({ ...wish, at: Date.now() }),
  migrate: (wish) => migrateBroker({ ...wish, at: Date.now() }),
  migrateStore: async (wish, tell) => {
    const { databaseUrl: url, databaseOwnerUrl: ownerUrl } = await loadSecrets(process.env);
    if (url === undefined) {
      throw new MeshError("malformed", "DATABASE_URL: it names the database to move to", {
        detail: { field: "DATABASE_URL" },
      });
    }
    return await migrateStore({ ...wish, url, ownerUrl, at: Date.now() }, tell);
  },
  restore: (wish) =>
    restoreBroker({
      ...wish,
      at: Date.now(),
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    }),
  vacuum: async (wish) => vacuumBroker(wish),
};
