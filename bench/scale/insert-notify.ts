import { openClient } from "../../apps/broker/src/store/postgres/connect.ts";
import { messageBytes } from "../claudemesh/message-frames.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { saturate } from "../stats.ts";
import { childrenMs } from "./cpu.ts";
import type { ScaleGround } from "./ground.ts";
import { latencyFigures } from "./traffic.ts";

const connections = 16;
const timeoutMs = 60_000;

/** Reference: a table, one INSERT and one NOTIFY in each transaction, and one who listens. What a queue on PostgreSQL does that is built with nothing else. */
export async function insertNotify(resources: Resources, ground: ScaleGround): Promise<Row> {
  const database = await ground.databases.create();
  const url = ground.postgres.url(database);
  const sql = "CREATE TABLE queue (no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)";
  await ground.databases.run(database, sql);
  const open = async () => {
    const client = await openClient({ url, timeoutMs });
    resources.defer(() => client.end());
    return client;
  };
  const listener = await open();
  let waiting = 0;
  let heard = () => {};
  listener.on("notification", () => {
    waiting -= 1;
    if (waiting === 0) heard();
  });
  await listener.query("LISTEN queue");
  const clients = await Promise.all(Array.from({ length: connections }, open));
  const body = "x".repeat(messageBytes);
  const text =
    "WITH added AS (INSERT INTO queue (body) VALUES ($1) RETURNING no) SELECT pg_notify('queue', no::text) FROM added";
  return {
    name: `PostgreSQL INSERT and NOTIFY, ${connections} connections`,
    reference: true,
    measure: async ({ ms }) => {
      const before = childrenMs(ground.postgres.pid);
      const free = [...clients];
      const { perSecond, latencies } = await saturate(connections, ms, async () => {
        const client = free.pop() as (typeof clients)[0];
        waiting += 1;
        await client.query({ name: "add", text, values: [body] });
        free.push(client);
      });
      if (waiting > 0) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
      const us = ((childrenMs(ground.postgres.pid) - before) * 1000) / latencies.length;
      return { "per second": perSecond, ...latencyFigures(latencies), "PostgreSQL µs": us };
    },
  };
}
