import assert from "node:assert/strict";
import { test } from "node:test";
import { canMount, runOnSmallDisk } from "./small-disk.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const program = (file: string) => new URL(file, import.meta.url);
const cannot = "this system lets no test mount a small file system";
/** `CYCLES` large enough tries every page. */
const levels = process.env.CYCLES ?? "8";

test("a full disk refuses with disk_full, loses nothing, and serves again when there is space", async (t) => {
  const folder = await temporaryFolder(t);
  if (!canMount(folder)) return t.skip(cannot);
  const output = runOnSmallDisk(folder, "6m", program("./full-disk-process.ts"));
  assert.match(output, /^[1-9]\d* accepted before the disk was full$/);
});

test("a disk that is full at any page refuses whole writes, and lets the same through when there is space", async (t) => {
  const folder = await temporaryFolder(t);
  if (!canMount(folder)) return t.skip(cannot);
  const course = program("./full-at-every-page-process.ts");
  t.diagnostic(runOnSmallDisk(folder, "6m", course, levels));
});
