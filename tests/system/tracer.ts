import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const found = ["/usr/bin/strace", "/bin/strace"].find((path) => existsSync(path));

/** The program that tells what system calls another one makes. */
export const tracer = found ?? "strace";

/** Why nothing can be traced here, or false. */
export function cannotTrace(): string | false {
  if (found === undefined) return "strace is not installed";
  const ran = spawnSync(found, ["-f", "-o", "/dev/null", "/bin/true"], { encoding: "utf8" });
  return ran.status === 0 ? false : `strace may not trace here: ${ran.stderr.trim()}`;
}
