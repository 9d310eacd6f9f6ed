import assert from "node:assert/strict";
import { test } from "node:test";
import { isTest, sources } from "./sources.ts";

const limit = 400;
const medianLimit = 80;

test("no file is over 400 lines", () => {
  const files = sources("{packages,apps,bench,scripts,tests}/**/*.{ts,js}");
  assert.ok(files.length > 100);
  for (const file of files) {
    assert.ok(
      file.lines <= limit,
      `${file.path} has ${file.lines} lines: split it by responsibility`,
    );
  }
});

test("the median file is under 80 lines", () => {
  const counts = sources("{packages,apps}/*/src/**/*.ts")
    .filter((file) => !isTest(file.path))
    .map((file) => file.lines)
    .sort((a, b) => a - b);
  const median = counts[Math.floor(counts.length / 2)] ?? 0;
  assert.ok(median < medianLimit, `the median file has ${median} lines`);
});
