import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, MeshError } from "@claudemesh/protocol";
import { TreeBuilder, treeLimits } from "./tree.ts";

const file = { bytes: 1, read: async () => new Uint8Array(1) };

function build(paths: readonly string[], bytes = 1): TreeBuilder {
  const builder = new TreeBuilder();
  for (const path of paths) builder.add(path, { ...file, bytes });
  return builder;
}

const refused = (code: ErrorCode, act: () => unknown, name?: string) =>
  assert.throws(act, (error) => error instanceof MeshError && error.code === code, name);

const devices = ["con", "PRN", "aux", "Nul", "com1", "COM9", "lpt0", "LPT3", "com¹", "lpt²"];
const hostile = [
  ...[
    "",
    ".",
    "..",
    "/",
    "//",
    "/a",
    "a/",
    "a//b",
    "./a",
    "a/.",
    "a/./b",
    "../a",
    "a/..",
    "a/../b",
  ],
  ...["a/../../b", "../../../../etc/passwd", "/etc/passwd", "~/../a/..", "a/b/../../../c"],
  ...[
    "C:/a",
    "c:a",
    "C:\\a",
    "\\\\host\\share",
    "\\a",
    "a\\b",
    "..\\a",
    "a\\..\\b",
    "a:stream",
    "file::$DATA",
  ],
  ...[
    "a\0b",
    "a\nb",
    "a\rb",
    "a\tb",
    "a\u001b[31mb",
    "a\u007f",
    "a\u0085b",
    "a\u202eb",
    "a\u200bb",
    "a\ud800",
  ],
  ...[
    "a ",
    "a.",
    "a /b",
    "a./b",
    "a. . ",
    "...",
    "a/...",
    "a<b",
    "a>b",
    'a"b',
    "a|b",
    "a?b",
    "a*b",
  ],
  ...devices.flatMap((name) => [name, `${name}.txt`, `a/${name}`, `${name}/a`, `a/${name}.tar.gz`]),
  "x".repeat(201),
];

test("a path that leads out, hides something, or is something else on another system is refused", () => {
  for (const path of hostile) {
    refused("malformed", () => build([path]), JSON.stringify(path));
    refused("malformed", () => build(["one/SKILL.md", path]), JSON.stringify(path));
  }
  assert.ok(new Set(hostile).size >= 100, `${new Set(hostile).size} cases`);
});

test("two paths that one file system or another takes for one are refused", () => {
  for (const [one, other] of [
    ...[
      ["a", "a"],
      ["a", "A"],
      ["a/b", "A/B"],
      ["ä", "a\u0308"],
      ["Ä", "a\u0308"],
      ["a/ſ", "a/ſ"],
    ],
    ...[
      ["a", "a/b"],
      ["a/b", "a"],
      ["A", "a/b"],
      ["a/b/c", "a/B"],
      ["a/b", "a/b/c/d"],
    ],
  ] as [string, string][]) {
    refused("malformed", () => build([one, other]), `${one} and ${other}`);
  }
});

test("names that look odd and do no harm are taken", () => {
  const fine = [
    "a.md",
    ".hidden",
    "..a",
    "a..b",
    "console",
    "com",
    "com10",
    "null",
    "aux-1",
    "ä🦊.md",
    "a b",
    "-rf",
    "$(x)",
    "%2e%2e",
  ];
  const nested = fine.map((name) => `${name}/${name}`);
  assert.equal(build(nested).tree.size, fine.length);
});

test("files and bytes have their bounds", () => {
  const many = Array.from({ length: treeLimits.files }, (_, n) => `f${n}`);
  assert.equal(build(many).tree.size, treeLimits.files);
  refused("too_large", () => build([...many, "more"]));
  build(["a", "b"], treeLimits.bytes / 2);
  refused("too_large", () => build(["a", "b"], treeLimits.bytes / 2 + 1));
});
