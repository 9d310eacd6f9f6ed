import assert from "node:assert/strict";
import { test } from "node:test";
import { Latest } from "./latest.ts";

test("a slow watcher misses what is between, never the last", async () => {
  const latest = new Latest({ n: 0 });
  const watcher = latest.watch();
  assert.deepEqual(await watcher.next(), { done: false, value: { n: 0 } });
  for (let n = 1; n < 100; n += 1) latest.set({ n });
  latest.end({ n: 100 });
  latest.set({ n: 101 });
  assert.deepEqual(await watcher.next(), { done: false, value: { n: 100 } });
  assert.equal((await watcher.next()).done, true);
  const late: number[] = [];
  for await (const { n } of latest.watch()) late.push(n);
  assert.deepEqual(late, [100]);
});

test("every watcher that waits is told, one that left is not", async () => {
  const latest = new Latest({ n: 0 });
  const [one, two] = [latest.watch(), latest.watch()];
  await Promise.all([one.next(), two.next()]);
  const [first, second] = [one.next(), two.next()];
  await two.return?.();
  latest.set({ n: 1 });
  assert.deepEqual((await first).value, { n: 1 });
  assert.equal((await second).done, true);
});
