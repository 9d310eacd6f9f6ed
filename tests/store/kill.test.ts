import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { audienceOf } from "@claudemesh/protocol";
import {
  member,
  message,
  messageId,
  range,
  readLog,
  seqsOf,
} from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const program = fileURLToPath(new URL("./appending-process.ts", import.meta.url));

/** Runs the appending process until it has acknowledged `count`, kills it (SIGKILL), and answers everything it acknowledged: n → seq. */
async function appendUntilKilled(folder: string, first: number, count: number) {
  const child = spawn(process.execPath, [program, folder, String(first)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const acknowledged = new Map<number, number>();
  for await (const line of createInterface({ input: child.stdout })) {
    // The last line may be cut off by the kill.
    const match = /^(\d+) (\d+)$/.exec(line);
    if (match) acknowledged.set(Number(match[1]), Number(match[2]));
    if (acknowledged.size === count) child.kill("SIGKILL");
  }
  assert.deepEqual(await exited, [null, "SIGKILL"]);
  assert.ok(acknowledged.size >= count);
  return acknowledged;
}

test("a killed process loses nothing it acknowledged and leaves no gap and no duplicate", async (t) => {
  const folder = await temporaryFolder(t);
  const acknowledged = new Map<number, number>();
  for (const [cycle, count] of [1, 40, 300, 90, 1000, 7].entries()) {
    const first = cycle * 1_000_000 + 1;
    for (const [n, seq] of await appendUntilKilled(folder, first, count)) acknowledged.set(n, seq);

    const store = await openSqliteStore({ folder, now: Date.now, ...bundledWriter });
    try {
      const entries = await readLog(store, [audienceOf(member(2))], { limit: 1_000_000 });
      const head = entries.at(-1)?.seq ?? 0;
      assert.deepEqual(seqsOf(entries), range(3, head));
      assert.equal(new Set(entries.map(({ id }) => id)).size, entries.length);
      const places = new Map(entries.map(({ id, seq }) => [id, seq]));
      for (const [n, seq] of acknowledged) assert.equal(places.get(messageId(n)), seq);
      const repeated = await store.write.appendMessage(message(first));
      assert.equal(repeated.result === "accepted" && repeated.repeated, true);
    } finally {
      await store.close();
    }
  }
  t.diagnostic(`${acknowledged.size} acknowledged appends over 6 kills, none lost`);
});
