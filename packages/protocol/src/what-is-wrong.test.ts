import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { parse } from "./parse.ts";

const Input = z.strictObject({
  to: z.string().min(2).max(5).optional(),
  uses: z.int().min(1).max(9).optional(),
  role: z.enum(["admin", "member"]).optional(),
  tags: z.array(z.string()).max(1).optional(),
  v: z.literal(1).optional(),
  own: z.string().regex(/^a/, "begins with a").optional(),
  deep: z.strictObject({ on: z.boolean() }).optional(),
});

const cases: readonly [unknown, string][] = [
  [5, "input: it is not an object"],
  [{ to: 5 }, "to: it is not a text"],
  [{ to: "x" }, "to: it has to be at least 2 characters long"],
  [{ to: "123456" }, "to: it may be at most 5 characters long"],
  [{ uses: 1.5 }, "uses: it is not a whole number"],
  [{ uses: 0 }, "uses: it has to be at least 1"],
  [{ uses: 10 }, "uses: it may be at most 9"],
  [{ role: "king" }, "role: it is not one of admin, member"],
  [{ tags: "x" }, "tags: it is not a list"],
  [{ tags: ["x", "y"] }, "tags: it may be at most 1 long"],
  [{ v: 2 }, "v: it is not 1"],
  [{ own: "b" }, "own: begins with a"],
  [{ deep: {} }, "deep.on: it is missing"],
  [{ deep: { on: 1 } }, "deep.on: it is not true or false"],
  [{ other: 1 }, "input: there is no field other"],
];

test("what is wrong is said in the words of those who wrote it, and names the field", () => {
  for (const [input, message] of cases) {
    assert.throws(() => parse(Input, input, "input"), { code: "malformed", message });
  }
});
