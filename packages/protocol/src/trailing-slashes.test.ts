import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutTrailingSlashes } from "./trailing-slashes.ts";

test("slashes go from the end only", () => {
  const samples = {
    "": "",
    "/": "",
    "http://a": "http://a",
    "http://a//b///": "http://a//b",
    "/x/": "/x",
  };
  for (const [text, bare] of Object.entries(samples))
    assert.equal(withoutTrailingSlashes(text), bare);
});
