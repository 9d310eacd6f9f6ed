import assert from "node:assert/strict";
import { test } from "node:test";
import { audienceOf, type Hash, type KeyBundleRow, type SignKey } from "@claudemesh/protocol";
import type { Store } from "../port.ts";
import { day, hashOf, member, mesh, readLog, rosterAppend, start } from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const authors = ["A", "B"].map((letter) => letter.repeat(43) as SignKey);

const row = (commitment: Hash, recipient: number, author = 0): KeyBundleRow => ({
  v: 1,
  mesh,
  commitment,
  recipient: member(recipient),
  sealed: "s".repeat(107),
  author: authors[author] as SignKey,
  sig: "S".repeat(86) as KeyBundleRow["sig"],
});

const put = (store: Store, rows: readonly KeyBundleRow[], at = start) =>
  store.write.putKeyRows({
    mesh,
    rows: rows.map((one, n) => ({ row: one, id: `${at}-${n}` })),
    at,
    expiresAt: at + day,
  });

const epoch = (seq: number, commitment: Hash, covers: readonly number[], overAt = start + day) =>
  rosterAppend(
    seq,
    { type: "epoch", body: { number: seq, commitment } },
    {
      barrier: true,
      begins: { commitment, topic: undefined, covers: covers.map(member), beforeOverAt: overAt },
    },
  );

const first = hashOf(501);
const second = hashOf(502);
const rowsOf = (store: Store, who: number, ...commitments: Hash[]) =>
  store.read.keyRows(mesh, { member: member(who), commitments });

/** Key bundles, the entries that begin their keys, and who waits for one. */
export function acceptKeys(withStore: WithStore): void {
  test("an entry that begins a key is appended only when its bundle covers everyone", async () => {
    await withStore(async (store) => {
      assert.equal(await put(store, [row(first, 1)]), 1);
      const refused = await store.write.appendRoster(epoch(1, first, [1, 2]));
      assert.deepEqual(refused, { result: "uncovered", missing: [member(2)] });
      assert.equal((await store.read.roster(mesh, 0, 10)).length, 0);
      assert.equal(await put(store, [row(first, 1), row(first, 2)]), 1);
      assert.equal((await store.write.appendRoster(epoch(1, first, [1, 2]))).result, "appended");
      assert.deepEqual(await rowsOf(store, 2, first, second), [row(first, 2)]);
    });
  });

  test("a row that comes after its key began is told to its recipient alone, and ends the want", async () => {
    await withStore(async (store) => {
      await put(store, [row(first, 1)]);
      await store.write.appendRoster(epoch(1, first, [1]));
      assert.deepEqual(await readLog(store, [audienceOf(member(1))]), []);
      await store.write.wantKeys({ mesh, member: member(2), commitments: [first], at: start });
      assert.deepEqual(await store.read.keyWants(mesh, 10), [
        { member: member(2), commitment: first },
      ]);
      await put(store, [row(first, 2)], start + 1);
      const [told] = await readLog(store, [audienceOf(member(2))]);
      assert.equal(told?.kind, "key");
      assert.deepEqual(JSON.parse(told?.body ?? ""), row(first, 2));
      assert.deepEqual(await store.read.keyWants(mesh, 10), []);
    });
  });

  test("a second author's row of the same key is kept beside the first's", async () => {
    await withStore(async (store) => {
      assert.equal(await put(store, [row(first, 1), row(first, 1, 1), row(first, 1)]), 2);
      assert.equal((await rowsOf(store, 1, first)).length, 2);
    });
  });

  test("a member's rows go with its removal, and all but the new key's with its rekey", async () => {
    await withStore(async (store) => {
      await put(store, [row(first, 1), row(first, 2)]);
      await put(store, [row(second, 1), row(second, 2)]);
      const keys = { sign: authors[0] as SignKey, seal: "K".repeat(43) as never };
      const rekey = rosterAppend(
        1,
        {
          type: "rekey",
          body: {
            epoch: { number: 1, commitment: second },
            keys,
            member: member(2),
            newSig: "S".repeat(86) as never,
          },
        },
        {
          begins: { commitment: second, topic: undefined, covers: [], beforeOverAt: start + day },
        },
      );
      await store.write.appendRoster(rekey);
      assert.deepEqual(await rowsOf(store, 2, first, second), [row(second, 2)]);
      await store.write.appendRoster(
        rosterAppend(2, { type: "remove", body: { member: member(2) } }),
      );
      assert.deepEqual(await rowsOf(store, 2, first, second), []);
      assert.equal((await rowsOf(store, 1, first, second)).length, 2);
    });
  });

  test("rows are forgotten when nothing is left under their key, and when no entry ever began it", async () => {
    await withStore(async (store) => {
      await put(store, [row(first, 1)]);
      await put(store, [row(second, 1)]);
      await put(store, [row(hashOf(503), 1)]);
      await store.write.appendRoster(epoch(1, first, [1]));
      await store.write.appendRoster(epoch(2, second, [1], start + 2 * day));
      const forget = (now: number) =>
        store.write.forgetKeyRows({ now, offeredBefore: now - day, limit: 10 });
      assert.equal(await forget(start + day), 1);
      assert.equal((await rowsOf(store, 1, first, second, hashOf(503))).length, 3);
      assert.equal(await forget(start + 2 * day), 2);
      assert.deepEqual(await rowsOf(store, 1, first, second, hashOf(503)), [row(second, 1)]);
      assert.equal(await forget(start + 3 * day), 0);
    });
  });

  test("of the bundles that one author prepares and never uses the oldest give way", async () => {
    await withStore(async (store) => {
      const commitments = [1, 2, 3, 4, 5, 6].map((n) => hashOf(600 + n));
      for (const [n, commitment] of commitments.entries()) {
        await put(store, [row(commitment, 1)], start + n);
      }
      const kept = await rowsOf(store, 1, ...commitments);
      assert.deepEqual(kept.map(({ commitment }) => commitment).sort(), commitments.slice(2));
    });
  });
}
