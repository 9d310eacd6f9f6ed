import assert from "node:assert/strict";
import { test } from "node:test";
import { audienceOfTopic, type RecordId, type TopicId } from "@claudemesh/protocol";
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
      await store.write.putRecord(memory(5, "", { key: "memory_3", status: "gone" }));
      await store.write.putRecord(memory(6, "breakfast", { key: "memory_1" }));
      const opened = await reopen();
      assert.deepEqual(await find("lunch", opened), []);
      assert.deepEqual(await find("password", opened), []);
      assert.deepEqual(await find("breakfast", opened), ["memory_1"]);
    });
  });
}
