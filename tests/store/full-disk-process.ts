import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { audienceOf } from "@claudemesh/protocol";
import {
  creation,
  member,
  message,
  range,
  readLog,
  seqsOf,
} from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";

/** Runs on a small file system of its own, whose mount point is the argument: fills it, and frees it again. */
const [disk = ""] = process.argv.slice(2);
const ballast = join(disk, "ballast");
writeFileSync(ballast, Buffer.alloc(3 * 1024 * 1024));

const store = await openSqliteStore({
  folder: join(disk, "data"),
  now: Date.now,
  ...bundledWriter,
});
await store.write.createMesh(creation());
const body = JSON.stringify("x".repeat(16 * 1024));
const accepted: number[] = [];
let heard: number[] = [];
store.onAppend((_, entries) => {
  heard = [...heard, ...seqsOf(entries)];
});

/** Appends by tens until one is refused; answers the codes of the refused. */
async function fill(first: number): Promise<string[]> {
  for (let n = first; ; n += 10) {
    const outcomes = await Promise.allSettled(
      range(n, n + 9).map((id) => store.write.appendMessage(message(id, { body }))),
    );
    const codes: string[] = [];
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") codes.push(outcome.reason.code);
      else if (outcome.value.result === "accepted") accepted.push(outcome.value.seq);
    }
    if (codes.length > 0) return codes;
  }
}

const entries = async () => seqsOf(await readLog(store, [audienceOf(member(2))]));
const refused = await fill(1);
assert.deepEqual(new Set(refused), new Set(["disk_full"]));
assert.deepEqual(await entries(), accepted);
assert.deepEqual(heard, accepted);

rmSync(ballast);
const later = await store.write.appendMessage(message(1_000_000, { body }));
assert.equal(later.result === "accepted" && later.seq, accepted.length + 3);
await store.check();
await store.close();
process.stdout.write(`${accepted.length} accepted before the disk was full`);
