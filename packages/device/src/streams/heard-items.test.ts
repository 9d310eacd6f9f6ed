import assert from "node:assert/strict";
import { test } from "node:test";
import { type DeviceId, limits, type MemberId } from "@claudemesh/protocol";
import { HeardItems } from "./heard-items.ts";

const from = (n: number, run = "a") => ({ device: "dev_1" as DeviceId, run, n });
const item = (text: string) => ({ member: "mbr_1" as MemberId, at: 1, text });

function hear(heard: HeardItems, n: number, run?: string): number | undefined {
  return heard.count(from(n, run)) ? heard.put(item(String(n))) : undefined;
}

test("each item is heard once, and each that is missing is counted once, wherever it was lost", () => {
  const heard = new HeardItems(1_000);
  assert.equal(hear(heard, 5), 0, "what went before the first is not known");
  assert.equal(hear(heard, 5), undefined);
  assert.equal(hear(heard, 4), undefined);
  assert.equal(hear(heard, 9), 3);
  assert.equal(hear(heard, 1, "b"), 0);
  assert.ok(heard.count(from(2, "b")));
  heard.lose();
  assert.equal(hear(heard, 3, "b"), 1);
  const all = heard.since(1_000);
  assert.deepEqual([all.items.map(({ text }) => text), all.dropped], [["5", "9", "1", "3"], 4]);
  assert.deepEqual(heard.since(all.seq), { items: [], dropped: 0, seq: all.seq });
  assert.deepEqual(heard.since(all.seq + 1_000).items, [], "a place of another process");
});

test("what gives way here counts as dropped, with what was lost before it", () => {
  const heard = new HeardItems(0);
  const count = limits.streamQueue + 100;
  for (let n = 1; n <= count; n++) hear(heard, n * 2);
  const { dropped, items } = heard.since(0);
  assert.equal(items.length, limits.streamQueue);
  assert.equal(dropped + items.length, count * 2 - 1);
});
