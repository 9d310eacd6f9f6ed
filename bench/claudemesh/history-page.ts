import { DatabaseSync } from "node:sqlite";
import { generalTopic } from "@claudemesh/crypto";
import { audienceOfTopic, limits } from "@claudemesh/protocol";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import { deviceAlone, fillHome } from "./filled-home.ts";

const limit = limits.historyPage;

/** A page of a topic that has `posts`, all of which lie in the home: the newest, one in the middle, the oldest, in turn. Beside it, the same rows by their index and nothing else. */
export async function historyPage(resources: Resources, posts: number): Promise<Row[]> {
  const home = await deviceAlone(resources);
  const { database, device, mesh } = home;
  const topic = generalTopic(mesh);
  const audience = audienceOfTopic(topic);
  await device.api.topic.list({});
  fillHome(home, { messages: posts, audience });
  const db = new DatabaseSync(database);
  resources.defer(() => db.close());
  // Everything lies here, so that the broker has nothing to add.
  db.prepare("UPDATE topic SET floor = 0 WHERE mesh = ? AND topic = ?").run(mesh, topic);
  const places = [posts, Math.floor(posts / 2), limit + 1];
  const page = async (n: number): Promise<void> => {
    const before = places[n % places.length] as number;
    const { items } = await device.api.topic.history({ name: "general", limit, before });
    if (items.length !== limit) throw new Error(`a page has ${items.length} posts`);
  };
  const rows = db.prepare(
    "SELECT * FROM inbox WHERE mesh = ? AND audience = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
  );
  const bare = async (n: number): Promise<void> => {
    const found = rows.all(mesh, audience, places[n % places.length] as number, limit);
    if (found.length !== limit) throw new Error(`a page has ${found.length} rows`);
  };
  const of = posts.toLocaleString("en-US");
  return [
    paging(`history: ${limit} of ${of} posts`, false, page),
    paging(`${limit} of ${of} rows by an index of SQLite`, true, bare),
  ];
}

const paging = (name: string, reference: boolean, ask: (n: number) => Promise<void>): Row => ({
  name,
  reference,
  measure: async ({ ms }) => {
    const { perSecond, latencies } = await saturate(1, ms, ask);
    return {
      "per second": perSecond,
      "p50 ms": quantile(latencies, 0.5),
      "p99 ms": quantile(latencies, 0.99),
    };
  },
});
