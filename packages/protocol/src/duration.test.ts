import assert from "node:assert/strict";
import { test } from "node:test";
import { Duration } from "./duration.ts";

test("durations read as milliseconds", () => {
  const samples = {
    "0": 0,
    "30": 30_000,
    "250ms": 250,
    "30s": 30_000,
    "10m": 600_000,
    "2h": 7_200_000,
    "7d": 604_800_000,
    "1w": 604_800_000,
  };
  for (const [text, ms] of Object.entries(samples)) assert.equal(Duration.parse(text), ms, text);
});

test("anything else is refused", () => {
  for (const text of ["", "s", "-1s", "1.5h", "1 h", "1y", "1h30m", "9999999999s", "1S"]) {
    assert.equal(Duration.safeParse(text).success, false, text);
  }
});
