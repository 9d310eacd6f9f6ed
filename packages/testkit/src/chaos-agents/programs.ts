import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { cliFolder } from "../cli-folder.ts";
import { compileCache } from "../compile-cache.ts";

/** The command line's real entry. */
export const entry = join(cliFolder, "claudemesh.js");

/** The environment of a person's programs: nothing of whoever runs the tests. */
export const personEnv = (folder: string, home: string, broker: string) => ({
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  HOME: folder,
  TMPDIR: folder,
  CLAUDE_CONFIG_DIR: join(folder, "config"),
  CLAUDEMESH_HOME: home,
  CLAUDEMESH_BROKER: broker,
  ...compileCache,
});

/** Starts a person's daemon by the verb for it; throws what the verb printed when that fails. */
export async function startDaemonBy(env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, [entry, "daemon", "start"], {
    env: { ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [said, [code]] = await Promise.all([readText(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`daemon start ended with ${code}: ${said}`);
}
