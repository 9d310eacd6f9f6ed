import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./temporary-folder.ts";

const program = fileURLToPath(new URL("./full-disk-process.ts", import.meta.url));

/** A mount namespace of its own, so that the small file system goes with the process. */
const isolated = (folder: string, command: string, ...args: string[]) => {
  const script = 'mount -t tmpfs -o size=6m tmpfs "$0" && exec "$@"';
  return ["--user", "--map-root-user", "--mount", "sh", "-c", script, folder, command, ...args];
};

test("a full disk refuses with disk_full, loses nothing, and serves again when there is space", async (t) => {
  const folder = await temporaryFolder(t);
  const possible = spawnSync("unshare", isolated(folder, "true")).status === 0;
  if (!possible) return t.skip("this system lets no test mount a small file system");
  const output = execFileSync("unshare", isolated(folder, process.execPath, program, folder), {
    encoding: "utf8",
  });
  assert.match(output, /^[1-9]\d* accepted before the disk was full$/);
});
