import assert from "node:assert/strict";
import { test } from "node:test";
import { soak } from "../../packages/testkit/src/soak/soak.ts";

const acceptedIn = (line: string): number => Number(line.trim().split(/\s+/).at(-1));

test("a short soak prints its curve, and mixed load leaves no file open", async () => {
  const samples: string[] = [];
  const ending = new AbortController();
  const { isGood, lines } = await soak({
    ms: 600_000,
    everyMs: 300,
    progress: (line) => {
      samples.push(line);
      if (samples.length >= 8 && acceptedIn(line) >= 30) ending.abort();
    },
    signal: ending.signal,
  });
  assert.ok(samples.length >= 8);
  assert.match(lines[0] ?? "", /minutes\s+resident MiB/);
  assert.ok(isGood, lines.join("\n"));
  const last = lines.findLast((line) => /^\s+[\d.]+\s/.test(line)) ?? "";
  assert.ok(acceptedIn(last) >= 30, last);
});
