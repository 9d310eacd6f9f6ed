import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { ready } from "../sodium.ts";
import { buildVectors, vectorsFolder } from "./build.ts";

before(ready);

test("every vector file is what the code makes today", () => {
  const built = buildVectors();
  assert.equal(new Set(built.map(({ name }) => name)).size, built.length);
  for (const { name, text } of built) {
    const committed = readFileSync(new URL(name, vectorsFolder), "utf8");
    assert.equal(text, committed, `${name} differs; run packages/crypto/src/vectors/make.ts`);
  }
});
