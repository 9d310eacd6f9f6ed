import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { distance, nearest } from "./distance.ts";

test("edits are counted, a swap of neighbours as one", () => {
  for (const [a, b, edits] of [
    ["send", "send", 0],
    ["sned", "send", 1],
    ["snd", "send", 1],
    ["inbx", "inbox", 1],
    ["peeers", "peers", 1],
    ["", "up", 2],
  ] as const) {
    assert.equal(distance(a, b), edits, `${a} ${b}`);
  }
});

test("the distance is symmetric, and zero only for equal words", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      assert.equal(distance(a, b), distance(b, a));
      assert.equal(distance(a, b) === 0, a === b);
      assert.ok(distance(a, b) <= Math.max(a.length, b.length));
    }),
  );
});

test("a suggestion is within two edits and not a wholly different word", () => {
  const known = ["send", "inbox", "up", "list"];
  assert.equal(nearest("sned", known), "send");
  assert.equal(nearest("INBOX", known), "inbox");
  assert.equal(nearest("xx", known), undefined);
  assert.equal(nearest("deliver", known), undefined);
});
