import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Feed } from "./feed.ts";

const at = (seq: number) => ({ type: "event", kind: "unreadable", seq, reason: "" }) as const;

test("what waits is bounded in characters too, though one event always fits", async () => {
  let changes = 0;
  const feed = new Feed(() => (changes += 1), { events: 100, chars: 40 });
  feed.begin("e");
  feed.offer(at(1), 1_000);
  assert.equal(feed.behind, false);
  feed.offer(at(2), 1);
  assert.deepEqual([feed.behind, feed.hasRoom, changes], [true, false, 1]);
  const reader = feed.read();
  assert.equal((await reader.next()).value?.seq, 1);
  assert.deepEqual([feed.behind, feed.hasRoom, changes], [true, true, 2]);
});

test("whatever is repeated and wherever it breaks, each position is read once and in order", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(sizes, async (steps) => {
      const feed = new Feed(() => {}, { events: 8, chars: 1_000 });
      const reader = feed.read();
      const read: number[] = [];
      let pending: ReturnType<typeof reader.next> | undefined;
      for (const step of steps) {
        feed.begin("e");
        // Each connection resumes at an earlier position than the last one read, as a cursor does.
        const from = Math.max(1, read.length - (step % 5));
        for (let seq = from; seq < from + step; seq += 1) feed.offer(at(seq), 1);
        for (let taken = 0; taken < step && read.length < from + 3; taken += 1) {
          pending ??= reader.next();
          const next = await Promise.race([pending, undefined]);
          if (next === undefined || next.done) break;
          pending = undefined;
          read.push(next.value.seq);
        }
      }
      feed.end(false);
      const last = await pending;
      if (last !== undefined && !last.done) read.push(last.value.seq);
      for await (const { seq } of reader) read.push(seq);
      assert.deepEqual(
        read,
        read.map((_, index) => index + 1),
      );
    }),
  );
});
