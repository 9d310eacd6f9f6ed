import type { DatabaseSync } from "node:sqlite";
import { ready } from "@claudemesh/crypto/verify";
import { audienceOf, MemberId, parse, type RosterEntry } from "@claudemesh/protocol";
import { openForWriting } from "../store/sqlite/connection.ts";
import { storageError } from "../store/sqlite/errors.ts";
import { holdFolder } from "../store/sqlite/folder.ts";
import type { MeshFacts } from "./check-database.ts";
import { databaseOf } from "./data-folder.ts";
import { erasures } from "./erasures.ts";
import { meshNamed } from "./export-mesh.ts";
import type { StorePlace } from "./postgres/database.ts";
import { requireGone } from "./require-gone.ts";
import { writeAudit } from "./write-audit.ts";

export interface EraseWish extends StorePlace {
  /** id or slug */
  readonly mesh: string;
  /** the member's id */
  readonly member: string;
  readonly at: number;
}

export interface Erased {
  readonly member: MemberId;
  /** what was taken away, table to rows */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Takes away what the broker holds of one who has left or was removed: profile, devices, sessions, and the contents of what it sent and what waits for it. The signed
 * roster and the audit chain name members by id only and stay whole. Throws `conflict` for a member of today, `in_use` while a broker holds the folder.
 */
export async function eraseMember(wish: EraseWish): Promise<Erased> {
  await ready();
  const member = parse(MemberId, wish.member, "member");
  if (wish.database !== undefined) {
    const { eraseInDatabase } = await import("./postgres/erase-in-database.ts");
    const { database, mesh, at } = wish;
    return { member, rows: await eraseInDatabase(database, { mesh, member, at }) };
  }
  const path = databaseOf(wish.folder);
  const held = holdFolder(wish.folder);
  try {
    const db = openForWriting(path);
    let mesh: MeshFacts;
    let rows: Record<string, number>;
    try {
      mesh = meshNamed(db, wish.mesh);
      requireGone(entriesOf(db, mesh), mesh.id, member);
      // What is freed is overwritten, so that nothing of it is left in the file.
      db.exec("PRAGMA secure_delete = ON");
      rows = eraseRows(db, mesh, { member, at: wish.at });
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      db.close();
    }
    const act = "member.erase";
    await writeAudit(path, [{ mesh: mesh.id, at: wish.at, act, about: member }]);
    return { member, rows };
  } catch (error) {
    throw storageError(error, path);
  } finally {
    held.release();
  }
}

const entriesOf = (db: DatabaseSync, { no }: MeshFacts): RosterEntry[] =>
  (
    db.prepare("SELECT entry FROM roster WHERE mesh = ? ORDER BY seq").all(no) as {
      entry: string;
    }[]
  ).map(({ entry }) => JSON.parse(entry) as RosterEntry);

function eraseRows(
  db: DatabaseSync,
  { no }: MeshFacts,
  { member, at }: { readonly member: MemberId; readonly at: number },
): Record<string, number> {
  const rows: Record<string, number> = {};
  db.exec("BEGIN IMMEDIATE");
  try {
    for (const [table, statements] of Object.entries(erasures)) {
      for (const sql of statements) {
        const statement = db.prepare(sql);
        statement.setAllowUnknownNamedParameters(true);
        const { changes } = statement.run({ mesh: no, member, at, audience: audienceOf(member) });
        rows[table] = (rows[table] ?? 0) + Number(changes);
      }
    }
    db.exec("COMMIT");
    return rows;
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}
