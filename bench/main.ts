// One command, one table; every row in turn in each round, so that references and ours see the same machine.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ready } from "@claudemesh/crypto";
import { closeOnSignals } from "./resources.ts";
import { measureAll } from "./row.ts";
import { rowsOf } from "./rows.ts";
import { table } from "./table.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    compare: { type: "string" },
    only: { type: "string", default: "" },
  },
});
const size = values.quick ? { rounds: 3, ms: 400 } : { rounds: 5, ms: 2_000 };
const progress = (text: string) => process.stderr.write(`${text}\n`);

await ready();
await using resources = new AsyncDisposableStack();
closeOnSignals(resources);
const compared = values.compare === undefined ? undefined : resolve(values.compare);
const rows = await rowsOf(resources, { only: new RegExp(values.only), compared, progress });
const results = await measureAll(rows, { ...size, progress });

const setting = `Node ${process.version}, ${size.rounds} rounds of ${size.ms} ms per row, medians`;
if (values.json) console.log(JSON.stringify({ schema_version: 1, setting, rows: results }));
else console.log(`${setting}\n\n${table(results)}`);
