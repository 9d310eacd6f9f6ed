import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenize } from "./tokens.ts";

test("a long word with one dash is refused, and taken as text after --", () => {
  for (const word of [
    `-${"x".repeat(40)}`,
    `-x${"é".repeat(300_000)}`,
    "-this is what I wanted to say to you",
  ]) {
    assert.throws(() => tokenize(["send", "bob", word], []), {
      code: "malformed",
      message: /not a flag$/,
    });
    assert.equal(tokenize(["send", "bob", "--", word], []).words.at(-1)?.text, word);
  }
});

test("a bundle of one-letter flags is taken apart", () => {
  assert.deepEqual(
    tokenize(["-qv", "list"], []).flags.map(({ flag }) => flag),
    ["q", "v"],
  );
});
