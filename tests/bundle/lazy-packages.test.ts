import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "../..");
const sources = globSync("{packages,apps}/*/src/**/*.ts", { cwd: root });
const lazy = /(?:const (?<names>[^=;]+) = await )?import\("(?<name>[^"]+)"\)/g;

// Node finds the names of a CommonJS package; a bundle of it has its default export alone.
test("a CommonJS package that is loaded when it is needed is taken by its default export", async () => {
  let found = 0;
  for (const file of sources) {
    const text = readFileSync(join(root, file), "utf8");
    for (const { groups } of text.matchAll(lazy)) {
      const { name = "", names = "" } = groups ?? {};
      if (name.startsWith(".") || name.startsWith("node:") || name.startsWith("@claudemesh/")) {
        continue;
      }
      const described = findPackageJSON(name, import.meta.url) ?? assert.fail(name);
      // The bundler takes a package's modules where it has both.
      const { module } = JSON.parse(readFileSync(described, "utf8"));
      if (module !== undefined || !("module.exports" in (await import(name)))) continue;
      found += 1;
      assert.match(names, /^\{ default: \w+ \}$/, `${file}: ${name}`);
    }
  }
  assert.ok(found > 0);
});
