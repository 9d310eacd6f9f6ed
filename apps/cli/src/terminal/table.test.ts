import assert from "node:assert/strict";
import { test } from "node:test";
import { hostWith } from "../testing/host.ts";
import { pairs, table } from "./table.ts";
import { terminalOf } from "./terminal.ts";
import { textWidth } from "./width.ts";

const { host } = hostWith({});
const terminal = terminalOf(host, host.stdout, true);

test("columns are aligned by what they show", () => {
  assert.deepEqual(
    table(
      [{ title: "name" }, { title: "key" }],
      [
        ["你好", "ab"],
        ["bob", "cdef"],
      ],
      terminal,
    ),
    ["NAME  KEY", "你好  ab", "bob   cdef"],
  );
});

test("only what may be cut is cut, to 80 columns", () => {
  const lines = table(
    [{ title: "name", flexible: true }, { title: "id" }],
    [
      ["n".repeat(90), "i".repeat(40)],
      ["short", "x"],
    ],
    terminal,
  );
  for (const line of lines) assert.ok(textWidth(line) <= 80, line);
  assert.ok(lines[1]?.endsWith("i".repeat(40)));
});

test("names and values are aligned", () => {
  assert.deepEqual(
    pairs(
      [
        ["a", "1"],
        ["long", "2"],
        ["none", ""],
      ],
      terminal,
    ),
    ["a     1", "long  2", "none"],
  );
});
