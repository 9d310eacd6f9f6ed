import assert from "node:assert/strict";
import { test } from "node:test";
import { audienceOf } from "@claudemesh/protocol";
import {
  acknowledge,
  day,
  everyone,
  member,
  mesh,
  message,
  messageId,
  range,
  readLog,
  seen,
  start,
} from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const recipient = audienceOf(member(2));
const sender = audienceOf(member(1));
const afterWeek = { now: start + 7 * day, limit: 100 };

/** What goes by itself when its time is over. */
export function acceptExpiry(withStore: WithStore): void {
  test("a direct message that no device had expires, and its sender is told", async () => {
    await withStore(async (store) => {
      await store.write.appendMessage(message(1));
      assert.equal(await store.write.expire({ now: start + 7 * day - 1, limit: 100 }), 0);
      assert.equal(await store.write.expire(afterWeek), 1);
      assert.deepEqual(await readLog(store, [recipient]), []);
      const [record] = await store.read.message(mesh, messageId(1));
      assert.equal(record?.expired, true);
      assert.equal(record?.contentsDeletedAt, start + 7 * day);
      assert.deepEqual(await readLog(store, [sender]), [
        {
          seq: 4,
          id: messageId(1).replace("msg_", "ntc_"),
          audience: sender,
          kind: "notice",
          sender: null,
          at: start + 7 * day,
          body: JSON.stringify({ id: messageId(1), state: "expired" }),
        },
      ]);
      assert.equal(await store.write.expire(afterWeek), 0);
      assert.equal((await store.read.mesh(mesh))?.headSeq, 4);
    });
  });

  test("one that a device had goes without a notice, and so do shared entries and receipts", async () => {
    await withStore(async (store) => {
      await store.write.seenDevice(seen(2, 1, 0));
      await store.write.seenDevice(seen(2, 2, 0));
      await store.write.appendMessage(message(1));
      await store.write.appendMessage(message(2, { audience: everyone }));
      await store.write.appendMessage(message(3, { kind: "receipt", id: "rct_1" }));
      await store.write.ack(acknowledge(2, 1, 3));
      assert.equal(await store.write.expire(afterWeek), 3);
      assert.deepEqual(await readLog(store, [sender, recipient]), []);
      const [record] = await store.read.message(mesh, messageId(1));
      assert.equal(record?.expired, false);
      assert.equal(record?.contentsDeletedAt, start + 7 * day);
    });
  });

  test("expiry works in bounded steps, the oldest first", async () => {
    await withStore(async (store) => {
      for (const n of range(1, 5)) {
        await store.write.appendMessage(
          message(n, { audience: everyone, expiresAt: start + 10 - n }),
        );
      }
      assert.equal(await store.write.expire({ now: start + 10, limit: 3 }), 3);
      const left = await readLog(store, [everyone], { after: 2 });
      assert.deepEqual(
        left.map(({ id }) => id),
        [messageId(1), messageId(2)],
      );
      assert.equal(await store.write.expire({ now: start + 10, limit: 3 }), 2);
    });
  });

  test("forgotten keys let an id be used anew; the rest still repeats", async () => {
    await withStore(async (store) => {
      for (const n of range(1, 4)) await store.write.appendMessage(message(n, { at: start + n }));
      assert.equal(await store.write.forgetKeys({ before: start + 4, limit: 2 }), 2);
      assert.equal(await store.write.forgetKeys({ before: start + 4, limit: 2 }), 1);
      assert.equal(await store.write.forgetKeys({ before: start + 4, limit: 2 }), 0);
      const repeated = await store.write.appendMessage(message(4));
      assert.equal(repeated.result === "accepted" && repeated.repeated, true);
      const anew = await store.write.appendMessage(message(1));
      assert.deepEqual(anew, { result: "accepted", seq: 7, at: start, repeated: false });
    });
  });
}
