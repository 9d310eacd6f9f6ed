import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DownFrame } from "./down.ts";
import { UpFrame } from "./up.ts";

test("frames from nowhere are refused without throwing", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const up = UpFrame.safeParse(value);
      const down = DownFrame.safeParse(value);
      return typeof up.success === "boolean" && typeof down.success === "boolean";
    }),
  );
});

test("an unknown member of an up frame is refused, of a down frame ignored", () => {
  const call = { type: "call", id: "1", op: "mesh.info", input: {} };
  assert.equal(UpFrame.safeParse(call).success, true);
  assert.equal(UpFrame.safeParse({ ...call, extra: 1 }).success, false);
  const progress = { type: "progress", id: "1", done: 1, later: true };
  assert.equal(DownFrame.safeParse(progress).success, true);
});

test("a reply is an error when it has one", () => {
  const error = { code: "not_found", message: "no such mesh" };
  const frame = DownFrame.parse({ type: "reply", id: "1", error });
  assert.deepEqual(frame, { type: "reply", id: "1", error });
});
