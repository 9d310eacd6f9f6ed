import { DatabaseSync } from "node:sqlite";
import { signProfile } from "@claudemesh/crypto";
import { found } from "@claudemesh/testkit";
import { residentMiB } from "../child.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile } from "../stats.ts";
import { startBroker } from "./broker-process.ts";
import { openFeeds } from "./idle-feeds.ts";

/** One entry for everyone (a changed profile) to so many feeds: until the last of them has it. Fails unless each change is one entry of the log. */
export async function fanOut(resources: Resources, feeds: number): Promise<Row> {
  const broker = await startBroker(resources);
  const alice = await found(broker.url, "alice");
  const clients = await openFeeds(alice, feeds);
  const sender = alice.connect("call");
  resources.defer(async () => {
    for (const client of clients) client.close();
    await sender.close();
  });
  await sender.ready();
  const entries = (): number => {
    const db = new DatabaseSync(broker.database, { readOnly: true });
    const row = db.prepare("SELECT COUNT(*) AS n FROM log WHERE kind = 'profile'").get();
    db.close();
    return Number(row?.n);
  };
  let version = 1;
  const change = async (): Promise<void> => {
    version += 1;
    const fields = { displayName: `alice ${version}` };
    const { mesh, member, secret } = alice;
    const profile = signProfile({ mesh, member, version, fields, at: Date.now() }, secret.signer);
    const everyone = Promise.withResolvers<void>();
    let left = clients.length;
    for (const client of clients) {
      client.onEvent = (text) => {
        if (!text.includes(fields.displayName)) return;
        left -= 1;
        if (left === 0) everyone.resolve();
      };
    }
    await Promise.all([sender.member.update({ profile }), everyone.promise]);
  };
  return {
    name: `claudemesh one entry → ${feeds.toLocaleString("en-US")} feeds, until the last has it`,
    reference: false,
    measure: async ({ ms }) => {
      const before = entries();
      const latencies: number[] = [];
      const start = performance.now();
      while (performance.now() - start < ms) {
        const began = performance.now();
        await change();
        latencies.push(performance.now() - began);
      }
      const wrote = entries() - before;
      if (wrote !== latencies.length) throw new Error(`${latencies.length} cost ${wrote} entries`);
      return {
        "per second": (latencies.length * feeds * 1000) / (performance.now() - start),
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "server MiB": await residentMiB(broker.pid),
      };
    },
  };
}
