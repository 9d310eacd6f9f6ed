import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import { SeededNumbers } from "../../packages/testkit/src/seeded-numbers.ts";
import { type Resources, temporaryFolder } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import { startBroker } from "./broker-process.ts";

const vocabulary = 5_000;
const wordsEach = 14;

/** A search as a person asks it, over a home that holds `messages`: words from the commonest to the rarest, two at a time, beginnings, and within one mesh. */
export async function searching(resources: Resources, messages: number): Promise<Row> {
  const broker = await startBroker(resources);
  const home = join(temporaryFolder(resources), "home");
  const device = await openDevice({
    home,
    now: Date.now,
    random: systemRandom,
    defaultName: "alice",
    defaultBroker: broker.url,
  });
  resources.defer(() => device.close());
  const { id: mesh, member } = await device.api.mesh.create({ name: "Bench" });
  fill(join(home, "home.db"), { mesh, member, messages });
  const queries = [
    { text: "w0" },
    { text: "w7" },
    { text: "w40" },
    { text: "w300" },
    { text: "w4000" },
    { text: "w0 w1" },
    { text: "w2 w900" },
    { text: "w49*" },
    { text: "w3", mesh, since: "1d" },
    { text: "nothing" },
  ];
  const ask = async (n: number): Promise<void> => {
    await device.api.search.messages(queries[n % queries.length] as { text: string });
  };
  return {
    name: `search over ${messages.toLocaleString("en-US")} messages`,
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

/** Rows as receiving writes them; a word's rarity grows with its number. */
function fill(
  path: string,
  { mesh, member, messages }: { mesh: string; member: string; messages: number },
): void {
  const numbers = new SeededNumbers(1);
  const words = () =>
    Array.from({ length: wordsEach }, () => {
      const part = numbers.next(1_000_000) / 1_000_000;
      return `w${Math.floor(vocabulary * part ** 3)}`;
    }).join(" ");
  const db = new DatabaseSync(path);
  const insert = db.prepare(
    `INSERT INTO inbox (mesh, sender, id, digest, kind, text, priority, seq, created_at, received_at, handed_at)
     VALUES (?, ?, ?, '', 'direct', ?, 'next', ?, ?, ?, ?)`,
  );
  const began = Date.now() - messages * 1_000;
  db.exec("BEGIN");
  for (let n = 0; n < messages; n++) {
    const at = began + n * 1_000;
    insert.run(mesh, member, `msg_${n}`, words(), n, at, at, at);
  }
  db.exec("COMMIT");
  db.close();
}
