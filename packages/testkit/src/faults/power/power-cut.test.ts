import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { seeded } from "../seeded.ts";
import { diskHistory } from "./disk-history.ts";
import { afterCut, type Cut, type Loss } from "./power-cut.ts";
import { readCalls } from "./traced-calls.ts";

const hex = (text: string) =>
  [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
const file = (name: string) => `3<${hex(`/r/${name}`)}>`;
const openNew = (name: string) =>
  `1 openat(AT_FDCWD<${hex("/")}>, "${hex(`/r/${name}`)}", O_RDWR|O_CREAT, 0600) = ${file(name)}`;
const write = (name: string, text: string, at: number) =>
  `1 pwrite64(${file(name)}, "${hex(text)}", ${text.length}, ${at}) = ${text.length}`;
const sync = (name: string) => `1 fdatasync(${file(name)}) = 0`;
const syncFolder = `1 fsync(4<${hex("/r")}>) = 0`;

/** What is left of file `a`, or undefined where it is gone, after each of several draws. */
function left(
  lines: readonly string[],
  loss: Loss,
  over: Partial<Cut> = {},
): Set<string | undefined> {
  const history = diskHistory(readCalls(lines.join("\n")), "/r");
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-cut-"));
  const random = seeded(1);
  try {
    const draws = Array.from({ length: 40 }, (_, i) => {
      const to = join(folder, String(i));
      afterCut(history, { at: lines.length, loss, random, ...over }, to);
      const path = join(to, "a");
      return existsSync(path) ? readFileSync(path, "utf8") : undefined;
    });
    return new Set(draws);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const synced = [openNew("a"), syncFolder, write("a", "one", 0), sync("a"), write("a", "TWO", 3)];

test("what was synced stays, and what was not may go", () => {
  assert.deepEqual(left(synced, "none kept"), new Set(["one"]));
  assert.deepEqual(left(synced, "all kept"), new Set(["oneTWO"]));
  assert.deepEqual(left(synced, "some kept"), new Set(["one", "oneTWO"]));
  assert.deepEqual(left(synced, "the first kept"), new Set(["one", "oneTWO"]));
  assert.deepEqual(left(synced, "none kept", { at: 2 }), new Set([""]));
});

test("a lying disk, or a program without syncs, loses everything", () => {
  assert.deepEqual(left(synced, "none kept", { ignoresSyncs: true }), new Set([undefined]));
});

test("a file whose folder was not synced is gone, with what was synced in it", () => {
  const lines = [openNew("a"), write("a", "one", 0), sync("a")];
  assert.deepEqual(left(lines, "none kept"), new Set([undefined]));
});

test("a rename shows the old file or the new one, and nothing else", () => {
  const lines = [
    ...[openNew("a"), write("a", "old", 0), sync("a"), syncFolder],
    ...[openNew("b"), write("b", "new", 0), sync("b")],
    `1 rename("${hex("/r/b")}", "${hex("/r/a")}") = 0`,
  ];
  assert.deepEqual(left(lines, "some kept"), new Set(["old", "new"]));
  assert.deepEqual(left([...lines, syncFolder], "none kept"), new Set(["new"]));
});

test("a link shows the whole file under its new name, or no such name", () => {
  const lines = [
    ...[openNew("b"), write("b", "new", 0), sync("b")],
    `1 link("${hex("/r/b")}", "${hex("/r/a")}") = 0`,
    `1 unlink("${hex("/r/b")}") = 0`,
  ];
  assert.deepEqual(left(lines, "none kept"), new Set([undefined]));
  assert.deepEqual(left(lines, "some kept"), new Set(["new", undefined]));
  assert.deepEqual(left([...lines, syncFolder], "none kept"), new Set(["new"]));
});

test("a write is torn at the edges of sectors alone", () => {
  const lines = [openNew("a"), syncFolder, write("a", "x".repeat(1536), 0)];
  const lengths = [...left(lines, "torn")].map((text) => text?.length ?? -1);
  assert.deepEqual(new Set(lengths.map((length) => length % 512)), new Set([0]));
  assert.ok(new Set(lengths).size > 2);
});

test("a write that a sync overtook is not covered by it", () => {
  const lines = [
    ...[openNew("a"), syncFolder],
    `1 pwrite64(${file("a")}, "${hex("one")}", 3, 0 <unfinished ...>`,
    `2 fdatasync(${file("a")}) = 0`,
    "1 <... pwrite64 resumed>) = 3",
  ];
  assert.deepEqual(left(lines, "none kept"), new Set([""]));
});

test("a call that no power cut is known for is an error", () => {
  const call = `1 fallocate(${file("a")}, 0, 0, 4096) = 0`;
  assert.throws(() => left([openNew("a"), call], "none kept"), /no power cut is known for/);
});
