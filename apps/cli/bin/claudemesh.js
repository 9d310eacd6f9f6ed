#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read: what it does first is to see whether this one is new enough.
import { existsSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { homeFolder } from "./home.js";

const needed = 24;
const [major] = process.versions.node.split(".");

if (Number(major) >= needed) {
  const home = resolve(homeFolder(process.env, process.platform, homedir()));
  // Only in a folder of one's own: whoever may write a shared cache may put code in it.
  if (existsSync(home) && module.enableCompileCache) {
    module.enableCompileCache(join(home, "cache", "compile"));
  }
  const { start } = await import("./start.ts");
  await start(home);
} else {
  const { runNewerNode } = await import("./newer-node.js");
  runNewerNode(fileURLToPath(import.meta.url), needed);
}
