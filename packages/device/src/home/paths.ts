import { join } from "node:path";

/** Where everything of one home lives. */
export interface HomePaths {
  readonly folder: string;
  readonly identity: string;
  readonly database: string;
  /** says that a store was made here, so that a vanished database is noticed instead of replaced */
  readonly marker: string;
  /** held while something of the home is made for the first time */
  readonly makeLock: string;
  /** held by the one process that consumes a mesh's feed */
  readonly feedLock: (mesh: string) => string;
}

/** The paths of a home folder. */
export const homePaths = (folder: string): HomePaths => ({
  folder,
  identity: join(folder, "identity.json"),
  database: join(folder, "home.db"),
  marker: join(folder, "home.json"),
  makeLock: join(folder, "make.lock"),
  feedLock: (mesh) => join(folder, `feed-${mesh.slice(0, 21)}.lock`),
});
