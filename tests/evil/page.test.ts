import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { families, liesPage } from "@claudemesh/testkit/evil";

test("the committed page is what the lies say", () => {
  const page = join(import.meta.dirname, "../../docs/spec/lies.md");
  assert.equal(readFileSync(page, "utf8"), liesPage(), "run `npm run gen`");
});

test("every lie has its own id and sentence", () => {
  const lies = families.flatMap((family) => family.lies);
  assert.ok(lies.length >= 60);
  for (const field of ["id", "says"] as const) {
    const seen = lies.map((lie) => lie[field]);
    assert.deepEqual(
      seen.filter((one, at) => seen.indexOf(one) !== at),
      [],
      field,
    );
  }
});
