import { lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";

/** A file that a run left, or all of a folder of alike ones. */
export interface LeftFile {
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
}

const mib = 1024 * 1024;

/** Most bytes of each kind of file after `messages` messages: logs rotate, databases grow by what they hold, everything else stays small. */
function mostBytes(path: string, messages: number): number {
  if (path.includes("/cache/")) return 64 * mib;
  if (/\.(?:db|sqlite)(?:-shm)?$/.test(path)) return mib + messages * 6 * 1024;
  if (path.endsWith("-wal")) return 16 * mib;
  if (path.includes("/logs/")) return 1.25 * mib;
  return 64 * 1024;
}

const mostFiles = 64;

/** Every file of a home or of the broker, those of the compile cache as one. */
export function filesBelow(folder: string, name: string): LeftFile[] {
  const found = new Map<string, LeftFile>();
  for (const entry of readdirSync(join(folder, name), { recursive: true, encoding: "utf8" })) {
    const full = join(folder, name, entry);
    const stat = lstatSync(full, { throwIfNoEntry: false });
    if (stat === undefined || stat.isDirectory()) continue;
    const shown = relative(folder, full);
    const path = shown.includes("/cache/") ? `${name}/cache/` : shown;
    const known = found.get(path) ?? { path, bytes: 0, files: 0 };
    found.set(path, { path, bytes: known.bytes + stat.size, files: known.files + 1 });
  }
  return [...found.values()].sort((a, b) => b.bytes - a.bytes);
}

/** Files that grew beyond what so many messages explain, one sentence each. */
export function overgrown(files: readonly LeftFile[], messages: number): string[] {
  const large = files
    .filter(({ path, bytes }) => bytes > mostBytes(path, messages))
    .map(({ path, bytes }) => `${path} has ${bytes} bytes`);
  const many = files.length > 3 * mostFiles ? [`${files.length} files were left`] : [];
  return [...large, ...many];
}
