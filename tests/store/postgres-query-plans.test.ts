import assert from "node:assert/strict";
import { test } from "node:test";
import type pg from "pg";
import { atOnceSql } from "../../apps/broker/src/store/postgres/append-at-once.ts";
import { knownIdsSql } from "../../apps/broker/src/store/postgres/append-messages.ts";
import { openClient } from "../../apps/broker/src/store/postgres/connect.ts";
import { headsSql } from "../../apps/broker/src/store/postgres/heads.ts";
import { logReaderSql } from "../../apps/broker/src/store/postgres/log-reader.ts";
import { cluster, openAlone, skip } from "./postgres-cluster.ts";

const running = cluster();
/** Enough rows that a walk over all of them costs more than an index. */
const rows = 20_000;

/** A database with that many rows in each table that grows, and a connection to it. */
async function filled(): Promise<pg.Client> {
  const { server, databases } = running();
  const url = server.url(await databases.create());
  await (await openAlone(url)).close();
  const client = await openClient({ url, timeoutMs: 60_000 });
  await client.query(`
    INSERT INTO mesh (no, id, slug, created_at, epoch, epoch_base, head_seq, barrier_seq, roster_seq, roster_hash)
      SELECT g, 'mesh_' || g, 'slug', 1, 'e', 0, 1, 0, 0, '' FROM generate_series(1, ${rows}) AS g;
    INSERT INTO mesh_moved SELECT g, g FROM generate_series(1, ${rows}) AS g;
    INSERT INTO audience (no, mesh, key) SELECT g, 1, 'm:' || g FROM generate_series(1, ${rows}) AS g;
    INSERT INTO log (mesh, seq, id, kind, audience, at, expires_at, expired, body)
      SELECT 1, g, 'msg_' || g, 'message', g, 1, 1, 0, '{}' FROM generate_series(1, ${rows}) AS g;
    INSERT INTO idempotency (mesh, id, sender, digest, seq, at)
      SELECT 1, 'msg_' || g, 's', 'd', g, 1 FROM generate_series(1, ${rows}) AS g;
    INSERT INTO roster (mesh, seq, hash, log_seq, entry) SELECT 1, g, 'h', g, '{}' FROM generate_series(1, ${rows}) AS g;
    ANALYZE`);
  return client;
}

type Asked = readonly [sql: string, values: readonly unknown[]];

/** The steps of a statement's plan that walk over a whole table. */
async function walks(client: pg.Client, [sql, values]: Asked): Promise<string[]> {
  const { rows: steps } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN ${sql}`, [
    ...values,
  ]);
  return steps.map((step) => step["QUERY PLAN"]).filter((step) => step.includes("Seq Scan"));
}

const last = rows - 1;

/** What is asked for each message, each page and each look. */
const statements: Readonly<Record<string, Asked>> = {
  "what moved": [headsSql.moved, [last]],
  "what was appended": [logReaderSql.appended, ["mesh_1", last - 50, rows, 50]],
  "the log of some audiences": [logReaderSql.ranges, [1, ["m:7", "m:8"], [0, 0], [rows, rows], 50]],
  "ids that are known": [knownIdsSql, [1, ["msg_7"], ["s"]]],
  "messages in one statement": [
    atOnceSql,
    [1, 0, ["msg_7"], ["s"], ["message"], [1], [1], [1], ["{}"], ["digest"]],
  ],
  "a page of the roster": [
    "SELECT entry FROM roster WHERE mesh = $1 AND seq > $2 ORDER BY seq LIMIT $3",
    [1, last, 50],
  ],
};

test("PostgreSQL finds by an index whatever is asked for a message, a page or a look", {
  skip,
}, async (t) => {
  const client = await filled();
  t.after(() => client.end());
  // The check itself finds a walk over a whole table.
  assert.equal((await walks(client, ["SELECT * FROM log WHERE body = $1", ["x"]])).length, 1);
  for (const [name, asked] of Object.entries(statements)) {
    assert.deepEqual(await walks(client, asked), [], name);
  }
});
