import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { safeName } from "./safe-name.ts";

const cases: [string, string][] = [
  ["report.pdf", "report.pdf"],
  ["../../etc/passwd", "_.._etc_passwd"],
  ["..\\..\\boot.ini", "_.._boot.ini"],
  ["/etc/passwd", "_etc_passwd"],
  ["C:\\x", "C__x"],
  [".bashrc", "bashrc"],
  ["..", "fil"],
  ["", "fil"],
  ["CON", "fil"],
  ["con.txt", "fil"],
  ["LPT1", "fil"],
  ["nul.tar.gz", "fil"],
  ["-rf", "rf"],
  ["~root", "root"],
  ["a\0b", "a_b"],
  ["a\nb", "a_b"],
  ["\u202egnp.exe", "_gnp.exe"],
  ["name. ", "name"],
  ["x:stream", "x_stream"],
  ["été.txt", "été.txt"],
];

for (const [given, expected] of cases) {
  test(`${JSON.stringify(given)} becomes ${expected}`, () => {
    assert.equal(safeName(given, "fil"), expected);
  });
}

test("whatever the sender calls it, the name is one short component", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (given) => {
      const name = safeName(given, "fil");
      assert.match(name, /^[^/\\:\p{Cc}]+$/u);
      assert.ok(Buffer.byteLength(name) <= 255);
      assert.ok(name !== "." && name !== ".." && !name.startsWith("."));
    }),
  );
});
