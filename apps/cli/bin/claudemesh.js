#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read: what it does first is to see whether this one is new enough.
import module from "node:module";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { homeFolder } from "./home.js";

const needed = 24;
/** What an agent runs all the time starts without everything that the other verbs load. */
const lightEntries = {
  __proto__: null,
  hook: () => import("./hook.ts"),
  mcp: () => import("./mcp.ts"),
  "status-line": () => import("./status-line.ts"),
};
const [major] = process.versions.node.split(".");

if (Number(major) >= needed) {
  const home = resolve(homeFolder(process.env, process.platform, homedir()));
  // Not imported: that loads more of it than a verb needs.
  const { existsSync } = process.getBuiltinModule("node:fs");
  // Only in a folder of one's own: whoever may write a shared cache may put code in it.
  if (existsSync(home) && module.enableCompileCache) {
    module.enableCompileCache(join(home, "cache", "compile"));
  }
  const light = process.argv.length === 3 ? lightEntries[process.argv[2]] : undefined;
  if (light !== undefined) await (await light()).run(home);
  else await (await import("./start.ts")).start(home);
} else {
  const { runNewerNode } = await import("./newer-node.js");
  runNewerNode(fileURLToPath(import.meta.url), needed);
}
