import assert from "node:assert/strict";
import { test } from "node:test";
import { hostWith } from "../testing/host.ts";
import { terminalOf } from "./terminal.ts";

const isColored = (env: Record<string, string>, isTTY: boolean, allow = true): boolean => {
  const { host } = hostWith({ env, isTTY });
  return terminalOf(host, host.stdout, allow).paint("good", "x") !== "x";
};

test("colour follows the terminal, NO_COLOR, FORCE_COLOR and --no-color", () => {
  assert.equal(isColored({}, true), true);
  assert.equal(isColored({}, false), false);
  assert.equal(isColored({ NO_COLOR: "1" }, true), false);
  assert.equal(isColored({ NO_COLOR: "" }, true), true);
  assert.equal(isColored({ TERM: "dumb" }, true), false);
  assert.equal(isColored({ FORCE_COLOR: "1" }, false), true);
  assert.equal(isColored({ FORCE_COLOR: "0" }, true), false);
  assert.equal(isColored({ FORCE_COLOR: "1", NO_COLOR: "1" }, false), true);
  assert.equal(isColored({ FORCE_COLOR: "1" }, true, false), false);
});

test("icons fall back to ASCII outside UTF-8 locales", () => {
  const iconOf = (env: Record<string, string>) => {
    const { host } = hostWith({ env });
    return terminalOf(host, host.stdout, true).icons.ok;
  };
  assert.equal(iconOf({ LANG: "es_ES.UTF-8" }), "✓");
  assert.equal(iconOf({ LANG: "C" }), "+");
  assert.equal(iconOf({ LANG: "en_US.UTF-8", LC_ALL: "C" }), "+");
});

test("80 columns, unless a terminal or COLUMNS says otherwise", () => {
  const columns = (env: Record<string, string>) => {
    const { host } = hostWith({ env });
    return terminalOf(host, host.stdout, true).columns;
  };
  assert.equal(columns({}), 80);
  assert.equal(columns({ COLUMNS: "120" }), 120);
  assert.equal(columns({ COLUMNS: "nonsense" }), 80);
  assert.equal(columns({ COLUMNS: "3" }), 80);
});
