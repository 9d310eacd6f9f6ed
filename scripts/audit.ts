// Known vulnerabilities of what is installed: npm audit, where the registry has such a list. Where it has none, or cannot be reached, that is said and nothing fails.
import { spawnSync } from "node:child_process";
import { judgeAudit } from "./judge-audit.ts";
import { root } from "./run.ts";

const { stdout, error } = spawnSync("npm", ["audit", "--json", "--omit=dev"], {
  cwd: root,
  encoding: "utf8",
  timeout: 120_000,
});
const { lines, outcome } = judgeAudit(error === undefined ? stdout : "");
for (const line of lines) console.log(line);
console.log(`== dependency audit: ${outcome}`);
if (outcome === "failed") process.exit(1);
