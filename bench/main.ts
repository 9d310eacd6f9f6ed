// One command, one table; every row in turn in each round, so that references and ours see the same machine.
import { parseArgs } from "node:util";
import { ready } from "@claudemesh/crypto";
import { startBroker } from "./claudemesh/broker-process.ts";
import { durableMessages } from "./claudemesh/durable-messages.ts";
import { endToEnd } from "./claudemesh/end-to-end.ts";
import { sqliteInsert } from "./references/sqlite-insert.ts";
import { wsEcho } from "./references/ws-echo.ts";
import { measureAll, type Row } from "./row.ts";
import { startups } from "./startup.ts";
import { table } from "./table.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const size = values.quick ? { rounds: 2, ms: 500 } : { rounds: 5, ms: 2_000 };

await ready();
const broker = await startBroker();
const rows: Row[] = [
  await wsEcho(1),
  await wsEcho(64),
  await sqliteInsert(1),
  await sqliteInsert(64),
  await durableMessages(broker, 1),
  await durableMessages(broker, 64),
  await durableMessages(broker, 256),
  await endToEnd(broker),
  ...startups(),
];
const results = await measureAll(rows, {
  ...size,
  onProgress: (text) => process.stderr.write(`${text}\n`),
});
for (const row of rows) await row.close?.();
await broker.stop();

const setting = `Node ${process.version}, ${size.rounds} rounds of ${size.ms} ms per row, medians`;
if (values.json) console.log(JSON.stringify({ schema_version: 1, setting, rows: results }));
else console.log(`\n${setting}\n\n${table(results)}`);
