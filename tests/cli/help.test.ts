import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { main } from "../../apps/cli/src/main.ts";
import { verbs } from "../../apps/cli/src/runner/verbs.ts";
import { textWidth } from "../../apps/cli/src/terminal/width.ts";
import { hostWith } from "../../apps/cli/src/testing/host.ts";

/** Set UPDATE_HELP=1 to write the snapshots anew, then read the difference. */
const folder = join(import.meta.dirname, "generated");
const pages = new Map<string, readonly string[]>([
  ["main", []],
  ["advanced", ["help", "advanced"]],
  ...verbs.map(
    ({ words }) => [words.replaceAll(" ", "-"), [...words.split(" "), "--help"]] as const,
  ),
]);

async function helpOf(argv: readonly string[]): Promise<string> {
  const { host, out, err } = hostWith({});
  assert.equal(await main(argv, host), 0);
  assert.equal(err(), "");
  return out();
}

if (process.env.UPDATE_HELP === "1") {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, argv] of pages) writeFileSync(join(folder, `${name}.txt`), await helpOf(argv));
}

for (const [name, argv] of pages) {
  test(`help of ${name} is the committed one and fits 80 columns`, async () => {
    const text = await helpOf(argv);
    assert.equal(text, readFileSync(join(folder, `${name}.txt`), "utf8"));
    for (const line of text.split("\n")) assert.ok(textWidth(line) <= 80, line);
  });
}

test("every committed page is of a verb that exists", () => {
  assert.deepEqual(
    readdirSync(folder).sort(),
    [...pages.keys()].map((name) => `${name}.txt`).sort(),
  );
});

test("the main help shows eight verbs, numbered without a gap", () => {
  const primary = verbs.flatMap((verb) => verb.primary ?? []).sort((a, b) => a - b);
  assert.deepEqual(primary, [1, 2, 3, 4, 5, 6, 7, 8]);
});
