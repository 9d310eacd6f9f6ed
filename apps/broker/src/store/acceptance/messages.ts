import assert from "node:assert/strict";
import { test } from "node:test";
import { audienceOf } from "@claudemesh/protocol";
import type { LogEntry } from "../port.ts";
import {
  creation,
  everyone,
  hashOf,
  member,
  mesh,
  message,
  messageId,
  otherMesh,
  range,
  readLog,
  rosterAppend,
  seqsOf,
  start,
} from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const recipient = audienceOf(member(2));

/** Appending to the log and reading it. */
export function acceptMessages(withStore: WithStore): void {
  test("hundreds of appends at once are numbered without a gap, in the order they were made", async () => {
    await withStore(async (store) => {
      const outcomes = await Promise.all(
        range(1, 700).map((n) => store.write.appendMessage(message(n))),
      );
      const seqs = outcomes.map((outcome) => (outcome.result === "accepted" ? outcome.seq : 0));
      assert.deepEqual(seqs, range(3, 702));
      const entries = await readLog(store, [recipient]);
      assert.deepEqual(
        entries.map(({ seq, id, body }) => [seq, id, body]),
        range(1, 700).map((n) => [n + 2, messageId(n), `{"n":${n}}`]),
      );
    });
  });

  test("a repeat answers as the first time, another digest conflicts, and neither takes a number", async () => {
    await withStore(async (store) => {
      const first = { result: "accepted", seq: 3, at: start, repeated: false };
      const outcomes = await Promise.all([
        store.write.appendMessage(message(1)),
        store.write.appendMessage(message(1, { at: start + 5 })),
        store.write.appendMessage(message(1, { digest: hashOf(9) })),
        store.write.appendMessage(message(1, { sender: member(3) })),
        store.write.appendMessage(message(2)),
      ]);
      assert.deepEqual(outcomes, [
        first,
        { ...first, repeated: true },
        { result: "conflict" },
        { ...first, seq: 4 },
        { ...first, seq: 5 },
      ]);
      assert.deepEqual(
        (await store.read.message(mesh, messageId(1))).map(({ seq, sender }) => [seq, sender]),
        [
          [3, member(1)],
          [4, member(3)],
        ],
      );
    });
  });

  test("a roster older than the barrier is stale, unless the message was accepted before", async () => {
    await withStore(async (store) => {
      await store.write.appendMessage(message(1));
      await store.write.appendRoster(rosterAppend(1, undefined, { barrier: true }));
      await store.write.appendRoster(rosterAppend(2));
      const stale = await store.write.appendMessage(message(2, { rosterSeq: 0 }));
      assert.deepEqual(stale, { result: "stale", barrier: 1 });
      const repeated = await store.write.appendMessage(message(1));
      assert.equal(repeated.result === "accepted" && repeated.repeated, true);
      const current = await store.write.appendMessage(message(2, { rosterSeq: 1 }));
      assert.equal(current.result === "accepted" && current.seq, 6);
      const independent = await store.write.appendMessage(message(3, { rosterSeq: null }));
      assert.equal(independent.result === "accepted" && independent.seq, 7);
    });
  });

  test("a view merges its audiences in order, within bounds", async () => {
    await withStore(async (store) => {
      await store.write.appendMessage(message(1));
      await store.write.appendMessage(message(2, { audience: audienceOf(member(3)) }));
      await store.write.appendMessage(message(3));
      const view = [recipient, everyone, recipient];
      assert.deepEqual(seqsOf(await readLog(store, view)), [1, 2, 3, 5]);
      assert.deepEqual(seqsOf(await readLog(store, view, { limit: 3 })), [1, 2, 3]);
      assert.deepEqual(seqsOf(await readLog(store, view, { after: 2, upTo: 4 })), [3]);
      assert.deepEqual(await readLog(store, [audienceOf(member(9))]), []);
      assert.deepEqual(await readLog(store, []), []);
      assert.deepEqual(await readLog(store, view, { limit: -1 }), []);
    });
  });

  test("a position names epoch and id at a seq, also before the first entry", async () => {
    await withStore(async (store) => {
      await store.write.appendMessage(message(1));
      assert.deepEqual(await store.read.position(mesh, 3), {
        epoch: "first",
        seq: 3,
        id: messageId(1),
      });
      assert.deepEqual(await store.read.position(mesh, 0), { epoch: "first", seq: 0, id: "" });
      assert.equal(await store.read.position(mesh, 4), undefined);
    });
  });

  test("listeners hear of every entry once, per mesh in seq order, until they leave", async () => {
    await withStore(async (store) => {
      await store.write.createMesh(creation(otherMesh));
      const heard = new Map<string, LogEntry[]>();
      const stop = store.onAppend((of, entries) => {
        heard.set(of, [...(heard.get(of) ?? []), ...entries]);
      });
      store.onAppend(() => {
        throw new Error("a listener of no concern to the others");
      });
      await Promise.all(
        range(1, 300).flatMap((n) => [
          store.write.appendMessage(message(n)),
          store.write.appendMessage(message(n)),
          store.write.appendMessage(message(n, { mesh: otherMesh })),
        ]),
      );
      assert.deepEqual(heard.get(mesh), await readLog(store, [recipient]));
      assert.deepEqual(seqsOf(heard.get(otherMesh) ?? []), range(3, 302));
      stop();
      await store.write.appendMessage(message(301));
      assert.equal(heard.get(mesh)?.length, 300);
    });
  });

  test("everything is there after reopening, and idempotency holds", async () => {
    await withStore(async (store, reopen) => {
      await Promise.all(range(1, 50).map((n) => store.write.appendMessage(message(n))));
      const before = await readLog(store, [recipient, everyone]);
      const again = await reopen();
      assert.deepEqual(await readLog(again, [recipient, everyone]), before);
      const repeated = await again.write.appendMessage(message(50));
      assert.deepEqual(repeated, { result: "accepted", seq: 52, at: start, repeated: true });
      const next = await again.write.appendMessage(message(51));
      assert.equal(next.result === "accepted" && next.seq, 53);
      await again.check();
    });
  });

  test("after close, writes are refused as unavailable", async () => {
    await withStore(async (store) => {
      const last = store.write.appendMessage(message(1));
      const closed = store.close();
      await assert.rejects(store.write.appendMessage(message(2)), { code: "unavailable" });
      await closed;
      assert.equal((await last).result, "accepted");
      await assert.rejects(store.check(), { code: "unavailable" });
    });
  });
}
