import { MeshError } from "@claudemesh/protocol";
import { type OsLock, takeOsLock } from "./os-lock.ts";
import { type HomePaths, homePaths } from "./paths.ts";
import { ensureFolder, mendMode, modeDrift } from "./private-file.ts";

/** Says something to the person beside the answer; never a secret. */
export type Log = (level: "info" | "warn", message: string) => void;

const makeWaitMs = 10_000;

/** A home folder: its paths, its permissions, and the lock under which its files are first made. */
export class HomeFolder {
  readonly paths: HomePaths;
  readonly #log: Log;
  #mended = false;

  constructor(folder: string, log: Log) {
    this.paths = homePaths(folder);
    this.#log = log;
    ensureFolder(folder);
    for (const path of this.#private()) this.#warnOfDrift(path);
  }

  /** Mends permissions that drifted; called before the first write. */
  mend(): void {
    if (this.#mended) return;
    this.#mended = true;
    for (const path of this.#private()) mendMode(path);
  }

  /** Runs `make` while no other process makes something in this home. Throws `in_use` after ten seconds. */
  whileMaking<T>(make: () => T): T {
    const lock: OsLock | undefined = takeOsLock(this.paths.makeLock, makeWaitMs);
    if (lock === undefined) {
      throw new MeshError("in_use", `another process sets up ${this.paths.folder}`, {
        hint: "run it again in a moment",
      });
    }
    try {
      return make();
    } finally {
      lock.release();
    }
  }

  #private(): string[] {
    const { folder, identity, database, marker } = this.paths;
    return [folder, identity, database, `${database}-wal`, `${database}-shm`, marker];
  }

  #warnOfDrift(path: string): void {
    const mode = modeDrift(path);
    if (mode === undefined) return;
    const right = path === this.paths.folder ? "0700" : "0600";
    this.#log(
      "warn",
      `others may open ${path} (mode ${mode}, expected ${right}); the next write mends that`,
    );
  }
}
