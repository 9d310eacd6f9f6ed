import type { DatabaseSync } from "node:sqlite";
import { Roster } from "@claudemesh/crypto/verify";
import type { MeshId, RosterEntry } from "@claudemesh/protocol";
import type { Migration } from "../store/migrations.ts";
import { missingObject } from "../store/sqlite/check-schema.ts";
import { checkAuditChain } from "./check-audit.ts";

/** One thing that was looked at: of the whole database, or of one mesh. */
export interface Checked {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly mesh?: MeshId;
}

export interface MeshFacts {
  readonly no: number;
  readonly id: MeshId;
  readonly slug: string;
  readonly headSeq: number;
  readonly rosterSeq: number;
  readonly rosterHash: string;
}

/** Looks at everything that can be known of a database without a device: pages and indexes, schema, and each mesh's log, roster and audit chain. */
export function* checkDatabase(
  db: DatabaseSync,
  migrations: readonly Migration[],
): Generator<Checked> {
  yield integrityOf(db);
  const last = lastMigration(db);
  const missing = missingObject(db, migrations);
  if (missing !== undefined) {
    const newest = migrations.at(-1)?.name;
    const why = newest === last ? `it lacks ${missing}` : `it is at ${last}, not yet at ${newest}`;
    return yield { what: "schema", ok: false, detail: why };
  }
  yield { what: "schema", ok: true, detail: `as ${last} leaves it` };
  for (const mesh of meshesOf(db)) {
    yield { ...checkLog(db, mesh), mesh: mesh.id };
    yield { ...checkRoster(db, mesh), mesh: mesh.id };
    yield { ...checkAuditChain(db, mesh), mesh: mesh.id };
  }
}

export const meshesOf = (db: DatabaseSync): MeshFacts[] =>
  db
    .prepare(
      "SELECT no, id, slug, head_seq AS headSeq, roster_seq AS rosterSeq, roster_hash AS rosterHash FROM mesh ORDER BY no",
    )
    .all() as unknown as MeshFacts[];

/** The name of the newest migration that was applied. */
export function lastMigration(db: DatabaseSync): string {
  const row = db.prepare("SELECT max(name) AS name FROM migration").get() as {
    name: string | null;
  };
  return row.name ?? "none";
}

function integrityOf(db: DatabaseSync): Checked {
  const found = db.prepare("PRAGMA integrity_check(3)").all() as { integrity_check: string }[];
  const text = found.map((row) => row.integrity_check).join("; ");
  return text === "ok"
    ? { what: "integrity", ok: true, detail: "every page and index" }
    : { what: "integrity", ok: false, detail: text.slice(0, 300) };
}

function checkLog(db: DatabaseSync, { no, headSeq }: MeshFacts): Checked {
  const row = db
    .prepare("SELECT count(*) AS count, min(seq) AS low, max(seq) AS high FROM log WHERE mesh = ?")
    .get(no) as { count: number; low: number | null; high: number | null };
  const ok = row.count === headSeq && (headSeq === 0 || (row.low === 1 && row.high === headSeq));
  const detail = ok
    ? `${headSeq} entries without a gap`
    : `${row.count} entries from ${row.low} to ${row.high}, the head is ${headSeq}`;
  return { what: "log", ok, detail };
}

/** Verifies the chain of signed entries as a device does. */
function checkRoster(db: DatabaseSync, mesh: MeshFacts): Checked {
  const rows = db
    .prepare("SELECT seq, hash, entry FROM roster WHERE mesh = ? ORDER BY seq")
    .all(mesh.no) as unknown as { seq: number; hash: string; entry: string }[];
  let at = 0;
  try {
    const entries = rows.map(({ entry }) => JSON.parse(entry) as RosterEntry);
    const [genesis, ...rest] = entries;
    if (genesis === undefined) return { what: "roster", ok: false, detail: "it has no genesis" };
    const roster = Roster.fromGenesis(genesis, mesh.id);
    for (const entry of rest) {
      at += 1;
      roster.append([entry]);
    }
    const wrong = rows.find(({ seq, hash }) => roster.hashAt(seq) !== hash);
    if (wrong !== undefined) {
      return { what: "roster", ok: false, detail: `entry ${wrong.seq} has another hash beside it` };
    }
    const { head } = roster;
    if (head.seq !== mesh.rosterSeq || head.hash !== mesh.rosterHash) {
      const detail = `it ends at entry ${head.seq}, the mesh's head is ${mesh.rosterSeq}`;
      return { what: "roster", ok: false, detail };
    }
    return { what: "roster", ok: true, detail: `${rows.length} entries, each signature` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { what: "roster", ok: false, detail: `entry ${at}: ${why}` };
  }
}
