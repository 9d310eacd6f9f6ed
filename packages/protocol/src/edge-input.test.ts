import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { edgeInput } from "./edge-input.ts";
import { op } from "./op.ts";
import { ops } from "./registry.ts";

const sample = {
  kind: "query",
  since: 1,
  limit: "read",
  summary: "X",
  input: z.strictObject({ id: z.string() }),
  output: z.object({}),
  errors: [],
} as const;

test("an operation for people gains the mesh that it speaks of", () => {
  const offered = edgeInput(op({ ...sample, name: "task.claim", scope: "member", cli: {} }));
  assert.deepEqual(offered.parse({ id: "x", mesh: "vm" }), { id: "x", mesh: "vm" });
  assert.equal(offered.safeParse({ id: "x", mush: "vm" }).success, false);
});

test("what needs no mesh, or only devices say, stays as it is", () => {
  for (const declared of [
    op({ ...sample, name: "task.claim", scope: "public", cli: {} }),
    op({ ...sample, name: "task.claim", scope: "member" }),
  ]) {
    assert.equal(edgeInput(declared).safeParse({ id: "x", mesh: "vm" }).success, false);
  }
  assert.equal(edgeInput(ops["message.send"]), ops["message.send"].open.input);
});
