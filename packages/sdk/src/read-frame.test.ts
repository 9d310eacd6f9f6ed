import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readFrame } from "./read-frame.ts";

test("no frame makes it throw", () => {
  const type = fc.constantFrom("challenge", "welcome", "reply", "event", "progress", "later");
  const frame = fc.record(
    {
      type: fc.oneof(type, fc.jsonValue()),
      kind: fc.oneof(fc.constantFrom("message", "caught_up", "later"), fc.jsonValue()),
      id: fc.jsonValue(),
      seq: fc.oneof(fc.integer(), fc.jsonValue()),
      error: fc.jsonValue(),
      output: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const data = fc.oneof(
    fc.anything(),
    fc.string(),
    fc.json(),
    frame.map((one) => JSON.stringify(one)),
  );
  fc.assert(fc.property(data, (one) => typeof readFrame(one).is === "string"));
});

test("a broken event is read as far as its position", () => {
  const read = readFrame(
    JSON.stringify({ type: "event", kind: "profile", seq: 4, id: "x", at: 1 }),
  );
  assert.ok(read.is === "event" && read.event.kind === "unreadable");
  assert.equal(read.event.seq, 4);
  assert.equal(readFrame('{"type":"event","kind":"profile","seq":0}').is, "breach");
});
