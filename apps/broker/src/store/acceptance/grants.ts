import assert from "node:assert/strict";
import { test } from "node:test";
import { audienceOf, type Grants } from "@claudemesh/protocol";
import { withheldFrom } from "../../log/withheld.ts";
import {
  acknowledge,
  day,
  hashOf,
  member,
  mesh,
  message,
  messageId,
  otherMesh,
  profile,
  readLog,
  rosterAppend,
  seen,
  start,
} from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const grants = (version: number): Grants => ({
  v: 1,
  mesh,
  member: member(2),
  version,
  rules: [{ member: member(1), capabilities: [] }],
  author: "A".repeat(43) as Grants["author"],
  at: start,
  sig: "S".repeat(86) as Grants["sig"],
});
const put = (version: number) => ({
  mesh,
  rosterSeq: 99,
  grants: grants(version),
  hash: hashOf(500 + version),
  at: start,
  expiresAt: start + 30 * day,
});
const recipient = audienceOf(member(2));

/** What members let each other do, and what is kept back for it. */
export function acceptGrants(withStore: WithStore): void {
  test("the highest version of what a member lets others do is kept and told to that member alone", async () => {
    await withStore(async (store) => {
      assert.deepEqual(await store.write.appendGrants(put(2)), { seq: 3 });
      assert.equal(await store.write.appendGrants(put(2)), "stale");
      assert.equal(await store.write.appendGrants(put(1)), "stale");
      assert.deepEqual(await store.write.appendGrants(put(3)), { seq: 4 });
      assert.deepEqual(await store.read.grants(mesh), [grants(3)]);
      assert.deepEqual(await store.read.grants(otherMesh), []);
      const told = await readLog(store, [recipient]);
      assert.deepEqual(
        told.map(({ kind, seq }) => [kind, seq]),
        [
          ["grants", 3],
          ["grants", 4],
        ],
      );
      assert.deepEqual(await readLog(store, [audienceOf(member(1))]), []);
    });
  });

  test("neither grants nor a profile land behind a removal that their author's judge did not know, also in one batch with it", async () => {
    await withStore(async (store) => {
      const stated = {
        mesh,
        profile: profile(member(2), 4, 300),
        at: start,
        expiresAt: start + day,
      };
      const removal = rosterAppend(1, undefined, { barrier: true });
      const [before, removed, after, late] = await Promise.all([
        store.write.appendGrants({ ...put(1), rosterSeq: 0 }),
        store.write.appendRoster(removal),
        store.write.appendGrants({ ...put(2), rosterSeq: 0 }),
        store.write.appendProfile({ ...stated, rosterSeq: 0 }),
      ]);
      assert.deepEqual([before, removed.result], [{ seq: 3 }, "appended"]);
      assert.deepEqual([after, late], ["barred", "barred"]);
      assert.equal((await store.read.mesh(mesh))?.headSeq, 4);
      assert.deepEqual(await store.read.grants(mesh), [grants(1)]);
      assert.deepEqual(await store.write.appendGrants({ ...put(2), rosterSeq: 1 }), { seq: 5 });
      assert.deepEqual(await store.write.appendProfile({ ...stated, rosterSeq: 1 }), { seq: 6 });
    });
  });

  test("what is withheld nobody reads, its id counts, and it expires although its recipient's devices are past it", async () => {
    await withStore(async (store) => {
      await store.write.seenDevice(seen(2, 1, 0));
      const kept = { ...message(1), audience: withheldFrom(recipient) };
      const accepted = await store.write.appendMessage(kept);
      assert.equal(accepted.result, "accepted");
      assert.deepEqual(await store.write.appendMessage(kept), { ...accepted, repeated: true });
      await store.write.appendMessage(message(2));
      await store.write.ack(acknowledge(2, 1, 4));
      assert.deepEqual(await readLog(store, [recipient]), []);
      await store.write.expire({ now: start + 7 * day, limit: 100 });
      const [record] = await store.read.message(mesh, messageId(1));
      assert.equal(record?.expired, true);
      const notices = await readLog(store, [audienceOf(member(1))]);
      assert.deepEqual(
        notices.map(({ kind, id }) => [kind, id]),
        [["notice", messageId(1).replace("msg_", "ntc_")]],
      );
    });
  });
}
