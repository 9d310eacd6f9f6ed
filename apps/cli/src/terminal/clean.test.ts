import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanLine, cleanText } from "./clean.ts";

test("what a terminal would obey is shown instead", () => {
  assert.equal(cleanText("\u001b[2J\u001b]0;owned\u0007"), "\\x1b[2J\\x1b]0;owned\\x07");
  assert.equal(cleanText("abc\rxyz\u009b1m"), "abc\\x0dxyz\\x9b1m");
  assert.equal(cleanText("safe\u202egnp.exe"), "safe\\u{202e}gnp.exe");
  assert.equal(cleanText("a\u{e0041}b\u200bc"), "a\\u{e0041}b\\u{200b}c");
});

test("line breaks stay in texts and are shown in names", () => {
  assert.equal(cleanText("one\r\ntwo\n\tthree"), "one\ntwo\n    three");
  assert.equal(cleanLine("bob\nalice: hi"), "bob\\nalice: hi");
});

test("ordinary text of any script stays as it is", () => {
  for (const text of ["hello", "señal", "你好", "שלום", "👩‍👩‍👧 ok", "می‌خواهم"]) {
    assert.equal(cleanText(text), text);
    assert.equal(cleanLine(text), text);
  }
});

test("nothing that acts on a terminal is left of any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.doesNotMatch(cleanLine(text), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      assert.doesNotMatch(cleanText(text).replaceAll("\n", ""), /\p{Cc}/u);
    }),
  );
});
