import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { FileId, SessionId } from "@claudemesh/protocol";
import { Kysely, SqliteDialect } from "kysely";
import { device, hashOf, invite, member, messageId } from "../acceptance/fixtures.ts";
import { loadMigrations } from "../migrations.ts";
import {
  deleteContents,
  deleteKeys,
  dueEntries,
  sessionOwner,
  wasStored,
} from "../queries/expiry.ts";
import {
  countFiles,
  dueFiles,
  findFile,
  findSeal,
  listFiles,
  listRecipients,
} from "../queries/files.ts";
import { findInvite } from "../queries/invites.ts";
import { dropRows, keyRecipients, listKeyRows } from "../queries/key-rows.ts";
import { isBegun, listKeyWants } from "../queries/keys.ts";
import { deleteLeases, endLeases } from "../queries/leases.ts";
import { findPosition } from "../queries/meshes.ts";
import { findMessages } from "../queries/messages.ts";
import { findRosterLogSeq, listRoster } from "../queries/roster.ts";
import {
  deleteSessions,
  findSession,
  listSessionsByKey,
  listSessionsOf,
} from "../queries/sessions.ts";
import type { Schema } from "../schema.ts";
import { cursorSql } from "./cursors.ts";
import { logSql } from "./log.ts";
import { migrate } from "./migrate.ts";

async function emptyDatabase(): Promise<DatabaseSync> {
  const db = new DatabaseSync(":memory:");
  migrate(db, await loadMigrations(), 0);
  return db;
}

const file = "fil_00000000-0000-4000-8000-000000000001" as FileId;
const session = (n: number) => `ses_00000000-0000-4000-8000-00000000000${n}` as SessionId;

const planOf = (db: DatabaseSync, sql: string): string[] =>
  db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map((row) => String(row.detail));

/** A walk over a whole table or index, or a sort of everything found. */
const costly = (step: string) => /^SCAN |USE TEMP B-TREE/.test(step);

test("the check itself finds a walk over a whole table", async () => {
  const db = await emptyDatabase();
  assert.ok(planOf(db, "SELECT * FROM log WHERE body = 'x'").some(costly));
  assert.ok(planOf(db, "SELECT * FROM idempotency ORDER BY digest").some(costly));
});

for (const [name, sql] of Object.entries({ ...logSql, ...cursorSql })) {
  test(`the log's statement "${name}" uses an index`, async () => {
    const plan = planOf(await emptyDatabase(), sql);
    assert.ok(plan.length > 0);
    assert.deepEqual(plan.filter(costly), []);
  });
}

/** The ordinary queries that meet large tables; what they list per mesh is bounded by members and devices. */
const queries: Record<string, (db: Kysely<Schema>) => Promise<unknown>> = {
  deleteContents: (db) => deleteContents(db, { mesh: 1, seq: 1 }, { at: 1, expired: true }),
  deleteLeases: (db) => deleteLeases(db, { before: 1, limit: 1 }),
  deleteSessions: (db) => deleteSessions(db, { before: 1, limit: 1 }),
  endLeases: (db) => endLeases(db, 1, { session: session(1), at: 1 }),
  findSession: (db) => findSession(db, 1, session(1)),
  listSessionsByKey: (db) => listSessionsByKey(db, 1, { key: "aa", at: 1, limit: 1 }),
  listSessionsOf: (db) => listSessionsOf(db, 1, { member: member(1), device: device(1) }),
  sessionOwner: async (db) => sessionOwner(db, { mesh: 1, session: session(1) }),
  deleteKeys: (db) => deleteKeys(db, { before: 1, limit: 1 }),
  dueEntries: (db) => dueEntries(db, { now: 1, limit: 1 }),
  dropRows: (db) => dropRows(db, 1, { commitment: hashOf(1), author: "A" as never }),
  isBegun: (db) => isBegun(db, 1, hashOf(1)),
  keyRecipients: (db) => keyRecipients(db, 1, hashOf(1)),
  dueFiles: (db) => dueFiles(db, { now: 1, limit: 1 }),
  findFile: (db) => findFile(db, 1, file),
  findSeal: (db) => findSeal(db, 1, { file, member: member(1) }),
  countFiles: (db) => countFiles(db, 1, { member: member(1), audiences: [], now: 1 }),
  listFiles: (db) =>
    listFiles(db, 1, {
      ...{ member: member(1), recipient: member(2), before: 9, now: 1, limit: 1 },
      audiences: [{ audience: "*" as never, after: 1 }],
    }),
  listRecipients: (db) => listRecipients(db, 1, file),
  listKeyRows: (db) => listKeyRows(db, 1, { member: member(1), commitments: [hashOf(1)] }),
  listKeyWants: (db) => listKeyWants(db, 1, 1),
  findInvite: (db) => findInvite(db, invite(1)),
  findMessages: (db) => findMessages(db, 1, messageId(1)),
  findPosition: (db) => findPosition(db, "mesh" as never, 1),
  findRosterLogSeq: (db) => findRosterLogSeq(db, 1, 1),
  listRoster: (db) => listRoster(db, 1, 1, 1),
  wasStored: (db) => wasStored(db, { mesh: 1, seq: 1, member: member(1) }),
};

for (const [name, query] of Object.entries(queries)) {
  test(`the query ${name} uses an index`, async () => {
    const db = await emptyDatabase();
    const statements: string[] = [];
    const database = {
      close: () => db.close(),
      prepare(sql: string) {
        statements.push(sql);
        return {
          reader: true,
          all: () => [],
          run: () => assert.fail(),
          iterate: () => assert.fail(),
        };
      },
    };
    await query(new Kysely<Schema>({ dialect: new SqliteDialect({ database }) }));
    assert.equal(statements.length, 1);
    assert.deepEqual(statements.flatMap((sql) => planOf(db, sql)).filter(costly), []);
  });
}

test("device rows of one member are found by their key", async () => {
  const db = await emptyDatabase();
  const plan = planOf(db, cursorSql.cursor.replaceAll("?", `'${device(1)}'`));
  assert.match(plan.join(), /SEARCH device USING PRIMARY KEY/);
});
