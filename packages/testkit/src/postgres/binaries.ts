import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The release that `npm run fetch:postgres` gets where the system has none. */
export const fetchedVersion = "18.4.0-beta.17";

const checkout = join(import.meta.dirname, "../../../..");

/** Where it is put: a folder that git does not track. */
export const fetchedFolder = join(
  checkout,
  "node_modules/.cache/claudemesh",
  `postgres-${fetchedVersion}`,
);

const debian = "/usr/lib/postgresql";

/** The folder of `initdb` and `postgres`: that of POSTGRES_BIN, the system's newest, or the fetched one; undefined where there is none. */
export function postgresBinaries(): string | undefined {
  const named = process.env.POSTGRES_BIN;
  const folders =
    named === undefined ? [...installed(), join(fetchedFolder, "native/bin")] : [named];
  return folders.find(
    (folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")),
  );
}

/** The system's, the newest first. */
const installed = (): string[] =>
  (existsSync(debian) ? readdirSync(debian) : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debian, version, "bin"));

/** Why a test with a real server cannot run here, or false: what `node:test` wants in `skip`. */
export const withoutPostgres = (): string | false =>
  postgresBinaries() === undefined &&
  "no PostgreSQL server is here: install postgresql, or npm run fetch:postgres";
