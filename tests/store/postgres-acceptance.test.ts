import { test } from "node:test";
import { runStoreAcceptance } from "../../apps/broker/src/store/acceptance.ts";
import { cluster, openAlone, skip } from "./postgres-cluster.ts";

const running = cluster();

if (skip === false) {
  let database: string | undefined;
  /** The folder that the database stands for now; the tests of the suite run one after the other. */
  let current: string | undefined;
  runStoreAcceptance("postgres", async (folder) => {
    const { databases, server } = running();
    database ??= await databases.create();
    if (current !== undefined && current !== folder) await databases.empty(database);
    current = folder;
    return await openAlone(server.url(database));
  });
} else {
  test("the postgres store passes the acceptance suite", { skip }, () => {});
}
