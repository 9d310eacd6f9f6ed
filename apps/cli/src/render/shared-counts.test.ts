import assert from "node:assert/strict";
import { test } from "node:test";
import { scarceOf, sharedLine } from "./shared-counts.ts";

const limits = { stateKeys: 10_000, memories: 200_000, openTasks: 100 };

test("what a mesh shares is told in one line, and how much it may be where room becomes scarce", () => {
  assert.equal(sharedLine({}), "nothing");
  const some = { stateKeys: 1, memories: 2, tasks: 90, openTasks: 3, files: 0, limits };
  assert.equal(sharedLine(some), "1 state key, 2 memories, 90 tasks, 3 of them open");
  assert.deepEqual(scarceOf(some), []);
  const full = { ...some, stateKeys: 8_000, openTasks: 79 };
  assert.match(sharedLine(full), /^8000 state keys \(at most 10000\), .* 79 of them open$/);
  assert.deepEqual(scarceOf({ ...full, openTasks: 80 }), [
    "8000 of at most 10000 state keys",
    "80 of at most 100 open tasks",
  ]);
  assert.deepEqual(scarceOf({ stateKeys: 8_000 }), [], "a broker that names no limits");
});
