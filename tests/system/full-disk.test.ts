import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { canMount, runOnSmallDisk } from "../store/small-disk.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const program = (file: string) => new URL(file, import.meta.url);
const cannot = "this system lets no test mount a small file system";
/** `CYCLES` large enough tries every page. */
const levels = process.env.CYCLES ?? "6";

for (const role of ["sender", "reader"]) {
  test(`a ${role}'s home on a disk that is full at any page refuses or waits, and loses and doubles nothing`, async (t) => {
    const folder = await temporaryFolder(t);
    const [small, large] = [join(folder, "small"), join(folder, "large")];
    for (const path of [small, large]) mkdirSync(path);
    if (!canMount(small)) return t.skip(cannot);
    t.diagnostic(
      runOnSmallDisk(small, "4m", program("./full-home-process.ts"), large, role, levels),
    );
  });
}

test("senders keep what a broker with a full disk refuses, and it arrives when there is space", async (t) => {
  const folder = await temporaryFolder(t);
  const [small, large] = [join(folder, "small"), join(folder, "large")];
  for (const path of [small, large]) mkdirSync(path);
  if (!canMount(small)) return t.skip(cannot);
  t.diagnostic(runOnSmallDisk(small, "24m", program("./full-broker-process.ts"), large));
});
