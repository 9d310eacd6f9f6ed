import { runStoreAcceptance } from "../../apps/broker/src/store/acceptance.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";

runStoreAcceptance("sqlite", (folder) =>
  openSqliteStore({ folder, now: () => 1_800_000_000_000, ...bundledWriter }),
);
