import { DatabaseSync } from "node:sqlite";
import { found, join } from "@claudemesh/testkit";
import { Arrivals } from "../arrivals.ts";
import { residentMiB } from "../child.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import { startBroker } from "./broker-process.ts";
import { openFeeds } from "./idle-feeds.ts";
import { LoadClient } from "./load-client.ts";
import { broadcastFrames } from "./message-frames.ts";

/** messages that are under way at a time */
export const fanOutInFlight = 4;

/** A message to everyone, whom so many feeds stand for: until the last of them has it. Fails unless each message is one entry of the log. */
export async function fanOut(resources: Resources, feeds: number): Promise<Row> {
  const broker = await startBroker(resources);
  const alice = await found(broker.url, "alice");
  const bob = await join(alice, "bob");
  const clients = await openFeeds(alice, feeds);
  const sender = await LoadClient.open(bob, "call");
  const arrivals = new Arrivals(feeds);
  for (const client of clients) client.onEvent = (text) => arrivals.take(text);
  resources.defer(() => {
    for (const client of [...clients, sender]) client.close();
  });
  const nextFrame = broadcastFrames(bob, alice);
  return {
    name: `claudemesh message → ${feeds.toLocaleString("en-US")} feeds, ${fanOutInFlight} in flight`,
    reference: false,
    measure: async ({ ms }) => {
      const before = entries(broker.database);
      const { perSecond, latencies } = await saturate(fanOutInFlight, ms, async () => {
        const frame = nextFrame();
        await Promise.all([sender.send(frame), arrivals.everywhere(frame.id)]);
      });
      const wrote = entries(broker.database) - before;
      if (wrote !== latencies.length) throw new Error(`${latencies.length} cost ${wrote} entries`);
      return {
        "per second": perSecond * feeds,
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "server MiB": await residentMiB(broker.pid),
      };
    },
  };
}

function entries(database: string): number {
  const db = new DatabaseSync(database, { readOnly: true });
  const row = db.prepare("SELECT COUNT(*) AS n FROM log WHERE kind = 'message'").get();
  db.close();
  return Number(row?.n);
}
