import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { creation, member, mesh, start } from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { SeededNumbers } from "../../packages/testkit/src/seeded-numbers.ts";
import { type Resources, temporaryFolder } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";

const wordsEach = 14;
const vocabulary = 5_000;

/** Memories as the store writes them, in one transaction: setting up is not what is measured. */
function fill(folder: string, memories: number): void {
  const numbers = new SeededNumbers(7);
  const word = () => {
    const part = numbers.next(1_000_000) / 1_000_000;
    return `w${Math.floor(vocabulary * part ** 3)}`;
  };
  const db = new DatabaseSync(join(folder, "broker.db"));
  const insert = db.prepare(
    `INSERT INTO record (mesh, noun, topic, key, version, status, author, at, written, words)
     VALUES (1, 'memory', '', ?, ?, 'kept', ?, ?, ?, ?)`,
  );
  db.exec("BEGIN");
  for (let n = 0; n < memories; n++) {
    const text = Array.from({ length: wordsEach }, word).join(" ");
    const written = JSON.stringify([{ input: { text } }]);
    insert.run(`memory_${n}`, n + 10, member(1), start, written, text);
  }
  db.exec("COMMIT");
  db.close();
}

/** A search of the mesh's memory as an agent asks it, at the broker's store: rare words and common ones, two at a time, beginnings, and what nothing has. */
export async function memorySearch(resources: Resources, memories: number): Promise<Row> {
  const folder = temporaryFolder(resources);
  const open = () => openSqliteStore({ folder, now: Date.now });
  const empty = await open();
  await empty.write.createMesh(creation());
  await empty.close();
  fill(folder, memories);
  const store = await open();
  resources.defer(() => store.close());
  const queries = [
    "w7",
    "w40",
    "w300",
    "w4000",
    "w40 w41",
    "w2 w900",
    "w49",
    "w12 w13 w14",
    "nothing",
  ];
  const ask = async (n: number): Promise<void> => {
    const text = queries[n % queries.length] ?? "";
    await store.read.searchRecords(mesh, { noun: "memory", topics: [""], limit: 20, text });
  };
  return {
    name: `search over ${memories.toLocaleString("en-US")} memories`,
    reference: false,
    measure: async ({ ms }) => {
      const { perSecond, latencies } = await saturate(1, ms, ask);
      return {
        "per second": perSecond,
        "p50 ms": quantile(latencies, 0.5),
        "p95 ms": quantile(latencies, 0.95),
      };
    },
  };
}
