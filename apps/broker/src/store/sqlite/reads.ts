import type { DatabaseSync } from "node:sqlite";
import type { StoreReads } from "../port.ts";
import { findWordsSqlite } from "../queries/record-search.ts";
import { storeReads } from "../reads.ts";
import { kyselyOver } from "./kysely-adapter.ts";
import { LogReader, MeshNumbers } from "./log-reader.ts";

/** The port's reads over a reading connection. */
export function sqliteReads(connection: DatabaseSync): StoreReads {
  const log = new LogReader(connection);
  const numbers = new MeshNumbers(connection);
  return storeReads({
    db: kyselyOver(connection),
    findWords: findWordsSqlite,
    log: (mesh, query) => log.read(mesh, query),
    numberOf: (mesh) => numbers.of(mesh),
  });
}
