import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemberId, MessageState, Reader } from "@claudemesh/protocol";
import { countsOf } from "./counts-of.ts";

const reader = (state: MessageState, n: number): Reader => ({
  member: `mbr_${String(n).padStart(64, "0")}` as MemberId,
  name: `m${n}`,
  state,
  at: n,
});
const counted = (...states: MessageState[]) => countsOf(states.map(reader), 5);

test("who is further has been through what comes before; what turned it away is counted apart", () => {
  assert.equal(counted("stored", "stored"), "stored by 2 of 5");
  assert.equal(
    counted("stored", "offered", "held"),
    "stored by 3 of 5, handed over to 1, held by 1",
  );
  assert.equal(
    counted("answered", "in_context", "offered", "stored", "refused"),
    "stored by 4 of 5, handed over to 3, seen by 2, answered by 1, refused by 1",
  );
  assert.equal(counted("refused"), "stored by 0 of 5, refused by 1");
  assert.equal(countsOf([], undefined), "stored by 0");
});
