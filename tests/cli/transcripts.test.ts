import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

test("every transcript has a test file of its own that plays it", () => {
  const texts = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".txt"));
  assert.ok(texts.length > 0);
  for (const text of texts) {
    const file = text.replace(/\.txt$/, ".test.ts");
    assert.ok(
      existsSync(join(import.meta.dirname, file)),
      `tests/cli/${text} is played by nobody: make tests/cli/${file} with playTranscript(import.meta.filename)`,
    );
  }
});
