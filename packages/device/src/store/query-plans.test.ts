import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { ready } from "@claudemesh/crypto";
import type { Audience, MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";
import { changesOf, lastPostSeq, listPosts, queuedPosts, unreadPosts } from "./post-rows.ts";

await ready();

/** A store that runs nothing, and keeps the statements that it was asked for. */
function listening(asked: string[]): HomeStore {
  const all = (sql: string): [] => {
    asked.push(sql);
    return [];
  };
  const get = (sql: string): void => {
    asked.push(sql);
  };
  return { all, get } as unknown as HomeStore;
}

const walks = (step: string): boolean => /^SCAN (?!\d|json_each|\(subquery)/.test(step);
const sorts = (step: string): boolean => step.startsWith("USE TEMP B-TREE");

const mesh = `mesh_${"0".repeat(64)}` as MeshId;
const self = `mbr_${"1".repeat(64)}` as MemberId;
const topic = "t:top_00000000-0000-4000-8000-000000000000" as Audience;
const dm = `m:mbr_${"2".repeat(64)}` as Audience;

const reads: Readonly<Record<string, (store: HomeStore) => unknown>> = {
  "a page of a topic": (store) =>
    listPosts(store, { mesh, place: topic, self, after: 0, before: 9e15, limit: 100 }),
  "a page of a dm, oldest first": (store) =>
    listPosts(store, {
      ...{ mesh, place: dm, self, after: 5, before: 9e15, limit: 100 },
      oldestFirst: true,
    }),
  "what is queued to a topic": (store) =>
    queuedPosts(store, { mesh, place: topic, self, limit: 100 }),
  "where a topic ends": (store) => lastPostSeq(store, mesh, topic),
  "how much of a topic is unread": (store) => unreadPosts(store, mesh, topic, 0),
  "what was said of the posts of a page": (store) =>
    changesOf(store, mesh, topic, ["msg_1" as MessageId]),
};

/** Reads that sort what they find, which is no more than a page asks for. */
const sorted: ReadonlySet<string> = new Set(["what was said of the posts of a page"]);

const made = (): DatabaseSync => {
  const db = new DatabaseSync(":memory:");
  migrate(db, migrations, 0);
  return db;
};

const planOf = (db: DatabaseSync, sql: string): string[] =>
  db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => String(detail));

test("the check itself finds a walk over a whole table, and a sort", () => {
  const db = made();
  assert.ok(planOf(db, "SELECT * FROM inbox WHERE text = 'x'").some(walks));
  assert.ok(planOf(db, "SELECT * FROM inbox ORDER BY text").some(sorts));
});

for (const [what, read] of Object.entries(reads)) {
  test(`${what} is read by an index, in its order, however much lies here`, () => {
    const asked: string[] = [];
    read(listening(asked));
    assert.ok(asked.length > 0);
    const db = made();
    for (const sql of asked) {
      const steps = planOf(db, sql);
      assert.ok(steps.length > 0);
      assert.deepEqual(
        steps.filter((step) => walks(step) || (sorts(step) && !sorted.has(what))),
        [],
        sql,
      );
    }
  });
}
