import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { root } from "./sources.ts";

/** What is loaded with a module: its imports of values, without those by `import()`. */
const values = /^(?:import|export)\s+(?!type\b)(?:[^;'"]*?\sfrom\s+)?"([^"]+)"/gm;

const packages = ["crypto", "device", "local-link", "protocol", "sdk"];

/** The file behind an import; undefined for Node's own modules and JSON. Anything else outside the workspace is named as it is. */
function target(name: string, from: string): string | undefined {
  if (name.startsWith("node:") || name.endsWith(".json")) return undefined;
  if (name.startsWith(".")) return join(dirname(from), name);
  const found = packages.find((one) => `${name}/`.startsWith(`@claudemesh/${one}/`));
  if (found === undefined) return name;
  const folder = join(root, "packages", found);
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    exports: Record<string, string>;
  };
  return join(folder, exports[`.${name.slice(`@claudemesh/${found}`.length)}`] as string);
}

/** Every file that is loaded with `entry`, each with who loads it. */
function loadedWith(entry: string): ReadonlyMap<string, string> {
  const loaded = new Map([[join(root, entry), "the command line"]]);
  for (const [file] of loaded) {
    if (!existsSync(file)) continue;
    for (const [, name] of readFileSync(file, "utf8").matchAll(values)) {
      const next = target(name as string, file);
      if (next !== undefined && !loaded.has(next)) loaded.set(next, relative(root, file));
    }
  }
  return loaded;
}

test("a verb through the daemon starts without schemas, and an agent's hook without the protocol", () => {
  const verb = loadedWith("apps/cli/bin/start.ts");
  assert.ok(verb.has(join(root, "packages/local-link/src/socket-device.ts")));
  assert.ok(verb.has(join(root, "packages/protocol/src/errors.ts")));
  const outside = [...verb].filter(([file]) => !file.startsWith(root));
  assert.deepEqual(outside, [], "each is loaded at every start: load it where it is needed");
  const hook = [...loadedWith("apps/cli/bin/hook.ts").keys()];
  assert.ok(hook.includes(join(root, "packages/local-link/src/raw.ts")));
  assert.deepEqual(
    hook.filter((file) => !file.startsWith(root) || file.includes("packages/protocol/")),
    [],
    "an agent waits for its hooks",
  );
});

test("the thread that writes a broker's log loads no primitives", () => {
  const writer = [...loadedWith("apps/broker/src/store/sqlite/writer.ts").keys()];
  assert.ok(writer.includes(join(root, "packages/crypto/node/audit-hash.ts")));
  assert.deepEqual(
    writer.filter((file) => file.includes("sodium")),
    [],
    "every store's thread would decode and compile libsodium: import what hashes alone",
  );
});
