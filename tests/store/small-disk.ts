import { spawnSync } from "node:child_process";
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A mount namespace of its own, so that the small file system goes with the process. */
const isolated = (folder: string, size: string, command: readonly string[]) => {
  const script = `mount -t tmpfs -o size=${size},mode=0700 tmpfs "$0" && exec "$@"`;
  return ["--user", "--map-root-user", "--mount", "sh", "-c", script, folder, ...command];
};

/** Whether this system lets a test mount a small file system. */
export const canMount = (folder: string): boolean =>
  spawnSync("unshare", isolated(folder, "1m", ["true"])).status === 0;

/** Runs a program with a file system of `size` over `folder`, its first argument. Throws with what it said when it fails. */
export function runOnSmallDisk(
  folder: string,
  size: string,
  program: URL,
  ...args: readonly string[]
): string {
  const command = [process.execPath, fileURLToPath(program), folder, ...args];
  const ran = spawnSync("unshare", isolated(folder, size, command), { encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`${program.pathname} failed: ${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

const page = 4096;

/** A small file system that can be filled up to any page. */
export class SmallDisk {
  readonly #disk: string;
  readonly #ballast: string;

  constructor(disk: string) {
    this.#disk = disk;
    this.#ballast = join(disk, "ballast");
  }

  get freePages(): number {
    const { bavail, bsize } = statfsSync(this.#disk);
    return Math.floor((bavail * bsize) / page);
  }

  /** Leaves so many pages for everyone else. */
  leave(pages: number): void {
    this.free();
    const file = openSync(this.#ballast, "w");
    try {
      const block = Buffer.alloc(page);
      for (let left = this.freePages - pages; left > 0; left--) writeSync(file, block);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** A folder on it with nothing in it. */
  emptyFolder(name: string): string {
    const folder = join(this.#disk, name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  }
}

/** The number of free pages from which on a course is not refused any more. */
export async function highestLevel(
  disk: SmallDisk,
  isRefused: (pages: number) => Promise<boolean>,
): Promise<number> {
  let [low, high] = [0, disk.freePages];
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isRefused(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/** Levels from nothing to `most`: all of them, or `count` spread evenly. */
export const levelsUpTo = (most: number, count: number): number[] => {
  const step = Math.max(1, most / count);
  return Array.from({ length: Math.ceil(most / step) }, (_, i) => Math.floor(i * step));
};
