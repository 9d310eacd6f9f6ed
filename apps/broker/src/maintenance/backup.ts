import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { ready } from "@claudemesh/crypto/verify";
import { MeshError, type MeshId } from "@claudemesh/protocol";
import { loadMigrations } from "../store/migrations.ts";
import { storageError } from "../store/sqlite/errors.ts";
import { reading } from "./check.ts";
import { checkDatabase, lastMigration, meshesOf } from "./check-database.ts";
import { copyBeside, copyBlobs, databaseOf, dataFiles, isVacant } from "./data-folder.ts";
import type { StorePlace } from "./postgres/database.ts";

/** What a backup says of itself, in `backup.json`. */
export interface BackupManifest {
  readonly v: 1;
  readonly at: number;
  readonly migration: string;
  readonly bytes: number;
  /** whether the broker's keys are in it */
  readonly keys: boolean;
  readonly meshes: readonly { readonly id: MeshId; readonly slug: string; readonly seq: number }[];
}

export interface BackupWish extends StorePlace {
  /** the folder to make */
  readonly to: string;
  readonly at: number;
}

/** pages that are copied at a time, between which progress is told */
const pagesAtOnce = 512;

/**
 * Copies a data folder, or the database that stands in for its own, as it is at one moment, also while a broker writes to it, and checks the copy before it gets its name. Throws `not_found`, `exists`,
 * `home_damaged` when the copy does not hold, and what storage refuses.
 */
export async function backupBroker(
  { folder, database, to, at }: BackupWish,
  tell: (done: number, total: number) => void = () => {},
): Promise<BackupManifest> {
  await ready();
  const source = database === undefined ? databaseOf(folder) : undefined;
  if (!isVacant(to)) {
    throw new MeshError("exists", `there is something already: ${to}`, {
      hint: "name a folder that is not there yet",
    });
  }
  const part = `${to}.part`;
  try {
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true, mode: 0o700 });
    const copy = join(part, dataFiles.database);
    writeFileSync(copy, "", { mode: 0o600 });
    if (source !== undefined) await copyDatabase(source, copy, tell);
    else if (database !== undefined) {
      const { takeSnapshot } = await import("./postgres/snapshot.ts");
      await takeSnapshot({ database, to: copy, at }, tell);
    }
    const beside = copyBeside(folder, part);
    await copyBlobs(folder, part);
    const keys = beside.includes(dataFiles.keys);
    const manifest = await verified(copy, { at, keys });
    const text = `${JSON.stringify(manifest, null, 1)}\n`;
    writeFileSync(join(part, dataFiles.manifest), text, { mode: 0o600 });
    for (const name of [dataFiles.database, dataFiles.manifest, ...beside]) {
      sync(join(part, name));
    }
    sync(part);
    if (existsSync(to)) rmdirSync(to);
    renameSync(part, to);
    sync(join(to, ".."));
    return manifest;
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw storageError(error, to);
  }
}

/** A reading transaction stays open over the whole copy: what a broker commits meanwhile is in it whole or not at all, and does not start it over. */
const copyDatabase = (
  source: string,
  copy: string,
  tell: (done: number, total: number) => void,
): Promise<void> =>
  reading(source, async (db) => {
    db.prepare("SELECT count(*) FROM mesh").get();
    const pages = await backup(db, copy, {
      rate: pagesAtOnce,
      progress: ({ totalPages, remainingPages }) => tell(totalPages - remainingPages, totalPages),
    });
    tell(pages, pages);
    const whole = new DatabaseSync(copy);
    // One file, without a write-ahead log beside it.
    whole.exec("PRAGMA journal_mode = DELETE");
    whole.close();
  });

async function verified(
  copy: string,
  { at, keys }: { readonly at: number; readonly keys: boolean },
): Promise<BackupManifest> {
  const migrations = await loadMigrations();
  return reading(copy, (db) => {
    for (const { what, ok, detail, mesh } of checkDatabase(db, migrations)) {
      if (ok) continue;
      const of = mesh === undefined ? "" : ` of ${mesh}`;
      throw new MeshError("home_damaged", `the copy does not hold: ${what}${of}: ${detail}`, {
        hint: "look at what the broker holds: claudemesh broker check",
      });
    }
    const meshes = meshesOf(db).map(({ id, slug, headSeq }) => ({ id, slug, seq: headSeq }));
    const { size: bytes } = statSync(copy);
    return { v: 1, at, migration: lastMigration(db), bytes, keys, meshes };
  });
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
