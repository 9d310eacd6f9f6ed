import assert from "node:assert/strict";
import { test } from "node:test";
import {
  audienceOfTopic,
  type RecordId,
  recordRule,
  recordWords,
  type TopicId,
} from "@claudemesh/protocol";
import type { Store } from "../port.ts";
import type { RecordPut } from "../records-port.ts";
import {
  day,
  everyone,
  hashOf,
  member,
  mesh,
  messageId,
  otherMesh,
  readLog,
  start,
} from "./fixtures.ts";
import { putTopic, topicId } from "./topics.ts";
import type { WithStore } from "./with-store.ts";

const topic = messageId(9).replace("msg_", "top_") as TopicId;
const recordId = (n: number) => messageId(n).replace("msg_", "rec_") as RecordId;

/** The nth write, by member 1, of a mesh-wide state unless `over` says otherwise. */
const put = (n: number, over: Partial<RecordPut> = {}): RecordPut => {
  const by = over.by ?? member(1);
  return {
    mesh,
    noun: "state",
    topic: "",
    key: "build",
    id: recordId(n),
    digest: hashOf(700 + n),
    by,
    author: by,
    status: "set",
    written: [{ id: recordId(n), op: "state.set", input: { value: n }, by, at: start + n }],
    words: "",
    expect: undefined,
    most: 100,
    at: start + n,
    expiresAt: start + 30 * day,
    ...over,
  };
};
const memory = (n: number, words: string, over: Partial<RecordPut> = {}) =>
  put(n, { noun: "memory", key: `memory_${n}`, words, ...over });
const mine = { noun: "state", topics: ["" as const], limit: 10 };

/** Shared data: one row per record, one entry of the log per change. */
export function acceptRecords(withStore: WithStore): void {
  test("a record is what was written last, each change is an entry for those who see it, and a condition is kept", async () => {
    await withStore(async (store) => {
      const first = await store.write.putRecord(put(1));
      assert.deepEqual(first, { result: "written", version: 3, replaced: 0 });
      assert.deepEqual(await store.write.putRecord(put(2, { expect: 0 })), { result: "stale" });
      assert.deepEqual(await store.write.putRecord(put(2, { expect: 3 })), {
        result: "written",
        version: 4,
        replaced: 3,
      });
      await store.write.putRecord(put(3, { topic }));
      const place = { noun: "state", topic: "" as const, key: "build" };
      const found = await store.read.record(mesh, place);
      assert.deepEqual([found?.version, found?.written[0]?.input], [4, { value: 2 }]);
      assert.equal(await store.read.record(otherMesh, place), undefined);
      const told = await readLog(store, [everyone]);
      const records = told.filter(({ kind }) => kind === "record");
      assert.deepEqual(
        records.map(({ seq }) => seq),
        [3, 4],
      );
      const inTopic = await readLog(store, [audienceOfTopic(topic)]);
      assert.deepEqual(
        inTopic.map(({ seq, sender }) => [seq, sender]),
        [[5, member(1)]],
      );
      assert.deepEqual(await store.read.writtenBefore(mesh, { by: member(1), id: recordId(2) }), {
        digest: hashOf(702),
        seq: 4,
        at: start + 2,
        replaced: 3,
      });
    });
  });

  test("a deleted record is not there any more, may be written anew, and is forgotten after a while", async () => {
    await withStore(async (store) => {
      await store.write.putRecord(put(1));
      await store.write.putRecord(put(2, { status: "gone" }));
      assert.deepEqual(await store.read.records(mesh, mine), []);
      const again = await store.write.putRecord(put(3, { expect: 0 }));
      assert.deepEqual(again, { result: "written", version: 5, replaced: 0 });
      await store.write.putRecord(put(4, { key: "old", status: "gone" }));
      assert.equal(await store.write.forgetRecords({ before: start + 4, limit: 10 }), 0);
      assert.equal(await store.write.forgetRecords({ before: start + 5, limit: 10 }), 1);
      assert.deepEqual(await store.read.recordCounts(mesh, [""]), [
        { noun: "state", status: "set", count: 1 },
      ]);
    });
  });

  test("a mesh has only so many of a noun at a time; what is deleted, done with or of an ended topic makes room", async () => {
    await withStore(async (store) => {
      const of = (n: number, key: string, over: Partial<RecordPut> = {}) =>
        store.write.putRecord(put(n, { noun: "task", key, status: "open", most: 3, ...over }));
      const results = [await of(1, "a"), await of(2, "b"), await of(3, "c", { topic: topicId(9) })];
      assert.deepEqual(
        results.map(({ result }) => result),
        ["written", "written", "written"],
      );
      assert.deepEqual(await of(4, "d"), { result: "full" });
      assert.equal((await store.write.putRecord(put(5, { most: 3 }))).result, "written");
      assert.equal((await of(6, "a", { status: "claimed" })).result, "written");
      assert.deepEqual(await of(7, "d"), { result: "full" });
      assert.equal((await of(8, "a", { status: "completed" })).result, "written");
      assert.equal((await of(9, "d")).result, "written");
      assert.deepEqual(await of(10, "a", { status: "open" }), { result: "full" });
      assert.equal((await of(11, "b", { status: "gone" })).result, "written");
      assert.equal((await of(12, "b")).result, "written");
      assert.deepEqual(await of(13, "e"), { result: "full" });
      assert.equal(await store.write.putTopic(putTopic(9)), "kept");
      const ended = putTopic(9, { version: 2, ended: true });
      assert.equal(await store.write.putTopic(ended), "kept");
      assert.equal((await of(14, "e")).result, "written");
      assert.deepEqual(await of(15, "f"), { result: "full" });
      assert.deepEqual(
        await store.read.records(mesh, { ...mine, noun: "task", topics: [topicId(9)] }),
        [],
      );
    });
  });

  test("lists go back from the newest change, by topic and status", async () => {
    await withStore(async (store) => {
      for (const n of [1, 2, 3, 4]) await store.write.putRecord(put(n, { key: `k${n}` }));
      await store.write.putRecord(put(5, { key: "k5", topic }));
      await store.write.putRecord(put(6, { key: "k1", status: "claimed" }));
      const keys = async (query: object) =>
        (await store.read.records(mesh, { ...mine, ...query })).map(({ key }) => key);
      assert.deepEqual(await keys({}), ["k1", "k4", "k3", "k2"]);
      assert.deepEqual(await keys({ limit: 2 }), ["k1", "k4"]);
      assert.deepEqual(await keys({ before: 6, limit: 2 }), ["k3", "k2"]);
      assert.deepEqual(await keys({ topics: [topic] }), ["k5"]);
      assert.deepEqual(await keys({ statuses: ["set"] }), ["k4", "k3", "k2"]);
      assert.deepEqual(await keys({ topics: [] }), []);
    });
  });

  test("full-text search ranks what has all the words, else any, and forgets what was changed or deleted", async () => {
    await withStore(async (store, reopen) => {
      await store.write.putRecord(memory(1, "the deploy needs the staging password rotated"));
      await store.write.putRecord(memory(2, "deploy deploy: Café first, then staging"));
      await store.write.putRecord(memory(3, "lunch is at noon"));
      await store.write.putRecord(memory(4, "deploy of a hidden topic", { topic }));
      const find = async (text: string, from = store) => {
        const query = { noun: "memory", topics: ["" as const], limit: 10, text };
        return (await from.read.searchRecords(mesh, query)).map(({ key }) => key);
      };
      assert.deepEqual((await find("deploy staging")).sort(), ["memory_1", "memory_2"]);
      assert.equal((await find("deploy"))[0], "memory_2");
      assert.deepEqual(await find("rotate"), ["memory_1"]);
      assert.deepEqual((await find("lunch password")).sort(), ["memory_1", "memory_3"]);
      assert.deepEqual(await find("nothing-of-this"), []);
      assert.deepEqual(await find("\" OR ' & | * ( NEAR"), []);
      assert.deepEqual(await find("  "), []);
      await inManyScripts(store, find);
      await store.write.putRecord(memory(5, "", { key: "memory_3", status: "gone" }));
      await store.write.putRecord(memory(6, "breakfast", { key: "memory_1" }));
      const opened = await reopen();
      assert.deepEqual(await find("lunch", opened), []);
      assert.deepEqual(await find("password", opened), []);
      assert.deepEqual(await find("breakfast", opened), ["memory_1"]);
    });
  });
}

/** Texts as people and programs write them, each found by what a reader would type of it. */
async function inManyScripts(
  store: Store,
  find: (text: string) => Promise<readonly string[]>,
): Promise<void> {
  const rule = recordRule("memory.add");
  assert.ok(rule);
  const texts: readonly (readonly [text: string, ...queries: string[]])[] = [
    ["getUserById throws for guests", "getUserById", "getuserbyid", "userById", "getUser guests"],
    ["see src/ledger/HTTPServer.ts:42", "src/ledger/HTTPServer.ts", "http ledger", "ledg"],
    ["Die Größe der Müllstraße", "große", "MULLSTRASSE", "Müll"],
    ["数据库迁移在星期一", "迁移", "数据库", "星", "移在"],
    ["東京Tower の夜", "東京", "tower", "夜"],
    ["Ключ обновлён вчера", "обновлен", "КЛЮЧ вчера"],
    ["한국어 문서는 여기", "한국", "문서"],
    ["ราคากาแฟ", "กาแฟ"],
  ];
  for (const [at, [text]] of texts.entries()) {
    await store.write.putRecord(memory(20 + at, recordWords(rule, { text })));
  }
  for (const [at, [text, ...queries]] of texts.entries()) {
    for (const query of queries) {
      assert.deepEqual(await find(query), [`memory_${20 + at}`], `${query} in ${text}`);
    }
  }
  for (let n = 0; n < texts.length; n += 1) {
    await store.write.putRecord(memory(40 + n, "", { key: `memory_${20 + n}`, status: "gone" }));
  }
}
