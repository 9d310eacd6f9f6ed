import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { authorizationPage } from "./page.ts";
import { rows } from "./rows/index.ts";

test("the committed page is what the rows say", () => {
  const page = join(import.meta.dirname, "../../docs/spec/authorization.md");
  assert.equal(readFileSync(page, "utf8"), authorizationPage(), "run `npm run gen`");
});

test("the ways to ask for one operation are told apart", () => {
  for (const [name, ways] of Object.entries(rows)) {
    const of = ways.map((row) => row.of);
    assert.equal(new Set(of).size, of.length, name);
  }
});
