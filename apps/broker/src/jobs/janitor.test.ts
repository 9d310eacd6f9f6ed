import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createLogger } from "../logger.ts";
import { ProcessMetrics } from "../metrics.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { Janitor } from "./janitor.ts";

test("each round is counted, and one that fails is logged and tried again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-janitor-"));
  const lines: string[] = [];
  const log = createLogger({ level: "info", now: () => 0, write: (line) => lines.push(line) });
  const metrics = new ProcessMetrics();
  const ticks: (() => void)[] = [];
  const timer = {
    after: () => () => {},
    every: (_ms: number, run: () => void) => {
      ticks.push(run);
      return () => {};
    },
  };
  const store = await openSqliteStore({ folder, now: () => 5 });
  try {
    const pruneAudit = async () => 0;
    const sweepFiles = async () => 0;
    const base = { store, now: () => 5, timer, everyMs: 1, idempotencyTtlMs: 1 };
    const options = { ...base, pruneAudit, sweepFiles, metrics, log };
    const janitor = new Janitor(options);
    assert.equal(ticks.length, 1);
    await janitor.run();
    assert.deepEqual(metrics.jobs.get("janitor"), { ran: 1, failed: 0, succeededAt: 5 });
    await store.close();
    await janitor.run();
    assert.equal(metrics.jobs.get("janitor")?.failed, 1);
    assert.match(lines.join("\n"), /janitor failed/);
    await janitor.stop();
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
});
