// The daemon as a process of its own: daemon-process.js <home> [--report]
import module from "node:module";
import { join } from "node:path";

const { existsSync } = process.getBuiltinModule("node:fs");
const [home = "", option] = process.argv.slice(2);

// Only in a folder of one's own: whoever may write a shared cache may put code in it.
if (existsSync(home) && module.enableCompileCache) {
  module.enableCompileCache(join(home, "cache", "compile"));
}
const { runAsProcess } = await import("./daemon.ts");
await runAsProcess(home, option === "--report");
