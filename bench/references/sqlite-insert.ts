import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Resources, temporaryFolder } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile } from "../stats.ts";

/** A bare loop of durable inserts (WAL, synchronous=FULL) of 1 kB rows, `batch` rows to a commit. */
export async function sqliteInsert(resources: Resources, batch: number): Promise<Row> {
  const folder = temporaryFolder(resources);
  const db = new DatabaseSync(join(folder, "bare.db"));
  resources.defer(() => db.close());
  db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
  db.exec("CREATE TABLE entry (seq INTEGER PRIMARY KEY, body TEXT NOT NULL)");
  const insert = db.prepare("INSERT INTO entry (body) VALUES (?)");
  const body = "x".repeat(1024);
  return {
    name: `bare SQLite insert loop, ${batch} per commit`,
    reference: true,
    measure: async ({ ms }) => {
      const latencies: number[] = [];
      const start = performance.now();
      while (performance.now() - start < ms) {
        const began = performance.now();
        db.exec("BEGIN IMMEDIATE");
        for (let i = 0; i < batch; i += 1) insert.run(body);
        db.exec("COMMIT");
        latencies.push(performance.now() - began);
      }
      return {
        "per second": (latencies.length * batch * 1000) / (performance.now() - start),
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
      };
    },
  };
}
