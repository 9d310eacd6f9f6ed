import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fit, pad, textWidth, wrap } from "./width.ts";

test("wide characters take two columns, combining marks none", () => {
  assert.equal(textWidth("abc"), 3);
  assert.equal(textWidth("你好"), 4);
  assert.equal(textWidth("e\u0301"), 1);
  assert.equal(textWidth("🚀"), 2);
});

test("what is cut says so and fits", () => {
  assert.equal(fit("abcdef", 6, "…"), "abcdef");
  assert.equal(fit("abcdefg", 6, "…"), "abcde…");
  assert.equal(fit("你好你好", 5, "…"), "你好…");
  assert.equal(pad("你", 4), "你  ");
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 1, max: 20 }),
      (text, columns) => {
        assert.ok(textWidth(fit(text, columns, "…")) <= columns);
      },
    ),
  );
});

test("lines break at spaces, and a long word stays whole to be copied", () => {
  assert.deepEqual(wrap("one two three", 8), ["one two", "three"]);
  assert.deepEqual(wrap("see http://long.example/x ok", 8), ["see", "http://long.example/x", "ok"]);
  assert.deepEqual(wrap("a\n\nb", 8, "  "), ["  a", "", "  b"]);
  assert.deepEqual(wrap("  if x:\n    y()", 40, "  "), ["    if x:", "      y()"]);
});

test("wrapping loses no character but spaces and breaks", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom("a", "b", " ", "\n"), maxLength: 30 }));
  fc.assert(
    fc.property(words, (parts) => {
      const text = parts.join(" ");
      const bare = (value: string) => value.replaceAll(/\s/g, "");
      assert.equal(bare(wrap(text, 10, "  ").join("\n")), bare(text));
    }),
  );
});
