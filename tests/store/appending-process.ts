import { creation, message } from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";
import { sayLine } from "../../packages/testkit/src/say-line.ts";

/** Appends without end, 64 at once, from message `first` on; prints `<n> <seq>` for each one after it was acknowledged. */
const [folder = "", first = "1"] = process.argv.slice(2);
const store = await openSqliteStore({ folder, now: Date.now, ...bundledWriter });
await store.write.createMesh(creation());

let next = Number(first);
async function append(): Promise<never> {
  for (;;) {
    const n = next++;
    const outcome = await store.write.appendMessage(message(n));
    if (outcome.result !== "accepted") throw new Error(`message ${n}: ${outcome.result}`);
    sayLine(`${n} ${outcome.seq}`);
  }
}

await Promise.all(Array.from({ length: 64 }, append));
