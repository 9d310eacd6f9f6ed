import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { type RandomSource, ready, toHex } from "@claudemesh/crypto/verify";
import { MeshError, parse } from "@claudemesh/protocol";
import { z } from "zod";
import { loadMigrations, type Migration } from "../store/migrations.ts";
import { markMoved } from "../store/moved.ts";
import { openForWriting } from "../store/sqlite/connection.ts";
import { storageError } from "../store/sqlite/errors.ts";
import { holdFolder, takeLock } from "../store/sqlite/folder.ts";
import { migrate } from "../store/sqlite/migrate.ts";
import { reading } from "./check.ts";
import { checkDatabase, type MeshFacts, meshesOf } from "./check-database.ts";
import { copyBeside, copyBlobs, databaseOf, dataFiles, isVacant } from "./data-folder.ts";
import { type MovedTable, moveInto } from "./move/move-into.ts";
import type { Database, StorePlace } from "./postgres/database.ts";
import { writeAudit } from "./write-audit.ts";

export interface RestoreWish extends StorePlace {
  /** the backup */
  readonly from: string;
  /** move what is there aside */
  readonly force: boolean;
  readonly at: number;
  readonly random: RandomSource;
}

export interface Restored {
  /** when the backup was made */
  readonly at: number;
  readonly meshes: readonly { readonly slug: string; readonly seq: number }[];
  /** where what was there before lies now */
  readonly aside?: string;
}

const Manifest = z.object({ v: z.literal(1), at: z.int() });

/**
 * Makes a data folder of a backup, and fills an empty database where the store lies in one. Each mesh's log gets a new epoch, so that devices that were ahead of the backup start from where it ends. Throws `exists` over a
 * folder that is not empty, unless `force` says to keep it beside; `in_use` while a broker holds it; `home_damaged` for a backup that does not hold.
 */
export async function restoreBroker(
  wish: RestoreWish,
  tell: (moved: MovedTable) => void = () => {},
): Promise<Restored> {
  await ready();
  const { from, folder, database, force, at } = wish;
  const migrations = await loadMigrations();
  const manifest = manifestOf(from);
  const vacant = isVacant(folder);
  if (!vacant && !force) {
    throw new MeshError("exists", `there is something already: ${folder}`, {
      hint: "to put the backup in its place and keep what is there beside it: --force",
    });
  }
  const part = `${folder}.part`;
  try {
    rmSync(part, { recursive: true, force: true });
    const meshes = await build(part, wish, migrations);
    if (database !== undefined) await intoDatabase(part, database, at, tell);
    const aside = vacant ? undefined : `${folder}.before-${at}`;
    if (aside === undefined) {
      if (existsSync(folder)) rmdirSync(folder);
    } else moveAside(folder, aside);
    renameSync(part, folder);
    const said = meshes.map(({ slug, headSeq }) => ({ slug, seq: headSeq }));
    return { at: manifest.at, meshes: said, ...(aside === undefined ? {} : { aside }) };
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw storageError(error, folder);
  }
}

function manifestOf(from: string): z.infer<typeof Manifest> {
  const path = join(from, dataFiles.manifest);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new MeshError("not_found", `this is no backup of a broker: ${from}`, { cause });
  }
  try {
    return parse(Manifest, JSON.parse(text), dataFiles.manifest);
  } catch (cause) {
    throw new MeshError("home_damaged", `this file is damaged: ${path}`, { cause });
  }
}

/** Puts what the folder's database holds into another, which is to be empty; the folder keeps what lies beside it, and says so. */
async function intoDatabase(
  folder: string,
  database: Database,
  at: number,
  tell: (moved: MovedTable) => void,
): Promise<void> {
  const path = databaseOf(folder);
  await reading(path, (db) => moveInto(db, database, at, tell));
  for (const name of readdirSync(folder)) {
    if (name.startsWith("broker.")) rmSync(join(folder, name));
  }
  markMoved(folder);
}

/** The whole folder under another name; it gets its own in one step. */
async function build(
  part: string,
  { from, at, random }: RestoreWish,
  migrations: readonly Migration[],
): Promise<readonly MeshFacts[]> {
  mkdirSync(part, { recursive: true, mode: 0o700 });
  const held = holdFolder(part);
  try {
    copyFileSync(databaseOf(from), held.database);
    copyBeside(from, part);
    await copyBlobs(from, part);
    const meshes = await renewed(held.database, { at, random, migrations });
    await requireSound(held.database, migrations);
    held.mark();
    return meshes;
  } finally {
    held.release();
  }
}

/** Draws each log's epoch anew, and says in each audit chain that this was done. */
async function renewed(
  path: string,
  with_: Pick<RestoreWish, "at" | "random"> & { readonly migrations: readonly Migration[] },
): Promise<readonly MeshFacts[]> {
  const { at, migrations, random } = with_;
  const db = openForWriting(path);
  let meshes: readonly MeshFacts[];
  try {
    migrate(db, migrations, at);
    meshes = meshesOf(db);
    for (const { no } of meshes) drawEpoch(db, no, { at, random });
  } finally {
    db.close();
  }
  const act = "broker.restore";
  await writeAudit(
    path,
    meshes.map(({ id }) => ({ mesh: id, at, act })),
  );
  return meshes;
}

/** What came after the backup is not in any epoch that the next one shares; its roster waits for an owner's word. */
const drawEpoch = (
  db: DatabaseSync,
  mesh: number,
  { at, random }: Pick<RestoreWish, "at" | "random">,
): void => {
  db.prepare(
    `UPDATE mesh SET epoch = ?, epoch_base = head_seq, restored_at = ?,
       restored_base = min(coalesce(restored_base, head_seq), head_seq), unconfirmed = 1 WHERE no = ?`,
  ).run(toHex(random(16)), at, mesh);
};

const requireSound = (path: string, migrations: readonly Migration[]): Promise<void> =>
  reading(path, (db) => {
    for (const { what, ok, detail, mesh } of checkDatabase(db, migrations)) {
      if (ok) continue;
      const of = mesh === undefined ? "" : ` of ${mesh}`;
      throw new MeshError("home_damaged", `the backup does not hold: ${what}${of}: ${detail}`);
    }
  });

/** Only a folder that no broker holds is moved. */
function moveAside(folder: string, aside: string): void {
  const lock = takeLock(folder);
  try {
    renameSync(folder, aside);
  } finally {
    lock.close();
  }
}
