import assert from "node:assert/strict";
import { test } from "node:test";
import { isTest, sources } from "./sources.ts";

const everything = sources("{packages,apps,bench,scripts,tests}/**/*.{ts,js}");

test("tests wait for events, not for time", () => {
  const sleep = /setTimeout\(\s*(?:r|res|resolve|done)\s*,\s*[1-9]\d{2,}|timers\/promises/;
  for (const file of everything) {
    if (!isTest(file.path) || file.path.startsWith("tests/architecture/")) continue;
    assert.doesNotMatch(file.text, sleep, `${file.path} sleeps: wait for the event`);
  }
});

test("clock and randomness are injected", () => {
  const direct = /\bDate\.now\(\)|\bMath\.random\(\)|new Date\(\)/;
  // The composition roots read the real clock, once.
  const roots = ["apps/broker/src/context.ts", "apps/cli/bin/", "apps/cli/src/main.ts"];
  for (const file of everything) {
    if (isTest(file.path) || !/^(packages|apps)\//.test(file.path)) continue;
    if (roots.some((path) => file.path.startsWith(path))) continue;
    assert.doesNotMatch(file.text, direct, `${file.path} reads the clock or rolls dice by itself`);
  }
});

test("nothing is left unfinished or silenced", () => {
  const marks = new RegExp(
    ["TO" + "DO", "FIX" + "ME", "@ts-" + "ignore", "as any[;,)]", "\\.only" + "\\("].join("|"),
  );
  for (const file of everything) {
    if (file.path === "tests/architecture/manners.test.ts") continue;
    assert.doesNotMatch(file.text, marks, file.path);
  }
});

test("no eval and no shell", () => {
  const danger = /\beval\(|new Function\(|shell:\s*true|\bexecSync\(|\bexec\(\s*[`"']/;
  for (const file of everything) {
    if (file.path.startsWith("tests/architecture/")) continue;
    const code = file.text.replaceAll(/\.exec\(/g, "");
    assert.doesNotMatch(code, danger, file.path);
  }
});
