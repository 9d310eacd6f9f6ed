import { writeSync } from "node:fs";
import { creation, message } from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";

/** Appends without end, 64 at once, from message `first` on; prints `<n> <seq>` for each one after it was acknowledged. */
const [folder = "", first = "1"] = process.argv.slice(2);
const store = await openSqliteStore({ folder, now: Date.now, ...bundledWriter });
await store.write.createMesh(creation());

let next = Number(first);
const moment = new Int32Array(new SharedArrayBuffer(4));
async function append(): Promise<never> {
  for (;;) {
    const n = next++;
    const outcome = await store.write.appendMessage(message(n));
    if (outcome.result !== "accepted") throw new Error(`message ${n}: ${outcome.result}`);
    print(`${n} ${outcome.seq}\n`);
  }
}
/** Before anything else happens, also where whoever reads is behind: the pipe is full then, and takes more a moment later. */
function print(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== "EAGAIN") throw error;
      Atomics.wait(moment, 0, 0, 1);
    }
  }
}

await Promise.all(Array.from({ length: 64 }, append));
