import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RotatingLog } from "./rotating-log.ts";

test("files are turned over at their size, and no more are kept than allowed", () => {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-log-"));
  try {
    const file = new RotatingLog({ folder, now: () => 0, fileBytes: 1_000, files: 3 });
    for (let i = 0; i < 200; i++) file.log("info", `line ${i}`);
    file.close();
    const names = readdirSync(folder).sort();
    assert.deepEqual(names, ["daemon.log", "daemon.log.1", "daemon.log.2"]);
    for (const name of names) assert.ok(statSync(join(folder, name)).size <= 1_000, name);
    const lines = names
      .reverse()
      .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
      .map((line) => JSON.parse(line).message as string);
    assert.equal(lines.at(-1), "line 199");
    assert.deepEqual(
      lines,
      Array.from({ length: lines.length }, (_, i) => `line ${200 - lines.length + i}`),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a line is bounded, and what cannot be written is dropped", () => {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-log-"));
  try {
    const file = new RotatingLog({ folder, now: () => 0 });
    file.log("warn", "x".repeat(100_000));
    assert.ok(statSync(join(folder, "daemon.log")).size < 5_000);
    file.close();
    new RotatingLog({ folder: join(folder, "a", "missing", "\0"), now: () => 0 }).log("info", "x");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
