import assert from "node:assert/strict";
import { test } from "node:test";
import { audienceOfTopic, type MemberId, type TopicId } from "@claudemesh/protocol";
import type { NotificationQuery } from "../notifications-port.ts";
import type { Store } from "../port.ts";
import { day, member, mesh, message, messageId, otherMesh, start } from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const audience = audienceOfTopic("top_00000000-0000-4000-8000-000000000001" as TopicId);

const everything: Omit<NotificationQuery, "member"> = {
  ...{ before: Number.MAX_SAFE_INTEGER, since: 0, unread: false, limit: 100 },
};

const naming = (n: number, named: readonly MemberId[]) => ({
  ...message(n, { audience, at: start + n, expiresAt: start + n * day }),
  named,
});

async function idsFor(store: Store, n: number, over: Partial<NotificationQuery> = {}) {
  const found = await store.read.notifications(mesh, { ...everything, member: member(n), ...over });
  return found.map(({ id }) => id);
}

/** Who is named by what goes to many. */
export function acceptNotifications(withStore: WithStore): void {
  test("whom a message to many names has one notification of it, also where it is sent again", async () => {
    await withStore(async (store) => {
      const sent = naming(1, [member(2), member(3)]);
      const first = await store.write.appendMessage(sent);
      await store.write.appendMessage(sent);
      assert.ok(first.result === "accepted");
      const { at, id, body, sender } = sent;
      const query = { ...everything, member: member(2) };
      assert.deepEqual(await store.read.notifications(mesh, query), [
        { seq: first.seq, id, kind: "message", at, body, audience, sender, readAt: null },
      ]);
      assert.deepEqual(await idsFor(store, 3), [messageId(1)]);
      assert.deepEqual(await idsFor(store, 4), []);
      assert.deepEqual(await store.read.notifications(otherMesh, query), []);
    });
  });

  test("they are listed newest first, by place, time, message and whether they are read, and forgotten with their message", async () => {
    await withStore(async (store) => {
      for (let n = 1; n <= 4; n++) await store.write.appendMessage(naming(n, [member(2)]));
      const all = await store.read.notifications(mesh, { ...everything, member: member(2) });
      const seqs = all.map(({ seq }) => seq);
      assert.deepEqual(
        all.map(({ id }) => id),
        [4, 3, 2, 1].map(messageId),
      );
      assert.deepEqual(await idsFor(store, 2, { limit: 1 }), [messageId(4)]);
      assert.deepEqual(await idsFor(store, 2, { before: seqs[2] ?? 0 }), [messageId(1)]);
      assert.deepEqual(await idsFor(store, 2, { since: start + 4 }), [messageId(4)]);
      assert.deepEqual(await idsFor(store, 2, { id: messageId(2) }), [messageId(2)]);
      const mark = { mesh, member: member(2), seqs: seqs.slice(0, 2), at: start + day };
      assert.equal(await store.write.readNotifications({ ...mark, member: member(3) }), 0);
      assert.equal(await store.write.readNotifications(mark), 2);
      assert.equal(await store.write.readNotifications({ ...mark, at: start + 2 * day }), 0);
      assert.equal(await store.write.readNotifications({ ...mark, seqs: [] }), 0);
      assert.deepEqual(await idsFor(store, 2, { unread: true }), [messageId(2), messageId(1)]);
      const due = { now: start + 2 * day, limit: 1 };
      assert.equal(await store.write.forgetNotifications(due), 1);
      assert.equal(await store.write.forgetNotifications(due), 1);
      assert.equal(await store.write.forgetNotifications(due), 0);
      assert.deepEqual(await idsFor(store, 2), [messageId(4), messageId(3)]);
    });
  });
}
