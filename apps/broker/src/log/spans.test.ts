import assert from "node:assert/strict";
import { test } from "node:test";
import type { Audience, MemberId } from "@claudemesh/protocol";
import { Spans } from "./spans.ts";

const member = `mbr_${"a".repeat(64)}` as MemberId;
const [a, b] = ["g:a", "g:b"] as Audience[] as [Audience, Audience];
const enter = (audience: Audience) => ({ member, audience, enters: true });
const leave = (audience: Audience) => ({ member, audience, enters: false });

test("moves that came while the stored spans were read count once, whether those tell of them or not", () => {
  const spans = new Spans();
  assert.equal(spans.move(enter(a), 7), false, "nothing is known before it was read");
  spans.move(leave(b), 8);
  spans.move(enter(b), 9);
  const stored = [
    { audience: a, from: 7, until: null },
    { audience: b, from: 2, until: null },
  ];
  assert.deepEqual(spans.load(stored), [a, b]);
  assert.deepEqual(spans.beyond(0), [
    { audience: a, from: 7, until: null },
    { audience: b, from: 2, until: 8 },
    { audience: b, from: 9, until: null },
  ]);
});

test("a move changes what is open once, and closed spans are forgotten when they were passed", () => {
  const spans = new Spans();
  spans.load([]);
  assert.equal(spans.move(enter(a), 3), true);
  assert.equal(spans.move(enter(a), 3), false);
  assert.equal(spans.move(leave(b), 4), false);
  assert.equal(spans.move(leave(a), 5), true);
  assert.deepEqual(spans.open(), []);
  assert.deepEqual(spans.beyond(4), [{ audience: a, from: 3, until: 5 }]);
  assert.deepEqual(spans.beyond(5), []);
});
