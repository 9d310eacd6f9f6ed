import assert from "node:assert/strict";
import { test } from "node:test";
import { AuditWalk } from "@claudemesh/crypto/verify";
import { type AuditHead, audienceOf, type MeshId } from "@claudemesh/protocol";
import fc from "fast-check";
import type { Store } from "../port.ts";
import {
  creation,
  day,
  hashOf,
  member,
  mesh,
  message,
  otherMesh,
  profile,
  rosterAppend,
  start,
} from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const fact = (n: number, of: MeshId = mesh) => ({
  mesh: of,
  at: start + n,
  act: "test",
  about: `n${n}`,
});
const rowsOf = (store: Store, of: MeshId = mesh, after = 0, limit = 1_000) =>
  store.read.auditRows(of, { after, limit });
const profileAt = (version: number) => ({
  mesh,
  rosterSeq: 99,
  profile: profile(member(2), version, 300 + version),
  at: start,
  expiresAt: start + day,
});

/** Throws unless the chain of a mesh holds from its anchor to its head. */
async function requireSound(store: Store, of: MeshId = mesh): Promise<void> {
  const chain = await store.read.auditChain(of);
  const walk = new AuditWalk(of, chain.anchor ?? { seq: 0, hash: "" });
  assert.equal(walk.take(await rowsOf(store, of)), undefined);
  assert.equal(walk.end(chain), undefined);
}

const anchorAt = (seq: number, hash: AuditHead["hash"]): AuditHead => ({
  v: 1,
  kind: "anchor",
  mesh,
  seq,
  hash,
  at: start,
  key: "A".repeat(43) as AuditHead["key"],
  sig: "S".repeat(86) as AuditHead["sig"],
});

/** Who changed what: one chain per mesh, in the transaction of each change. */
export function acceptAudit(withStore: WithStore): void {
  test("a change leaves a row with its note, and what changes nothing leaves none", async () => {
    await withStore(async (store) => {
      const by = { member: member(1) };
      await store.writesFor({ op: "some.call", by }).appendRoster(rosterAppend(1));
      await store.write.appendRoster(rosterAppend(1));
      await store.write.appendProfile(profileAt(2));
      await store.write.appendProfile(profileAt(1));
      await store.write.createMesh(creation());
      await store.write.appendMessage(message(1));
      const rows = await rowsOf(store);
      assert.deepEqual(
        rows.map(({ seq, act, op, by: who, ref }) => [seq, act, op, who?.member, ref]),
        [
          [1, "roster.genesis", undefined, member(1), hashOf(100)],
          [2, "roster.policy", "some.call", member(1), hashOf(101)],
          [3, "profile", undefined, member(2), hashOf(302)],
        ],
      );
      await requireSound(store);
      assert.deepEqual(await rowsOf(store, mesh, 1, 1), [rows[1]]);
      assert.deepEqual(await rowsOf(store, otherMesh), []);
    });
  });

  test("a write that is undone takes its row with it", async () => {
    await withStore(async (store) => {
      const all = await Promise.allSettled([
        store.write.appendAudit(fact(1)),
        store.write.appendAudit(fact(2, otherMesh)),
        store.write.appendAudit(fact(3)),
      ]);
      assert.deepEqual(
        all.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled"],
      );
      assert.deepEqual(
        (await rowsOf(store)).map(({ about }) => about),
        [undefined, "n1", "n3"],
      );
      await requireSound(store);
    });
  });

  test("writers at once never fork a chain, and meshes have chains of their own", async () => {
    await withStore(async (store, reopen) => {
      await store.write.createMesh(creation(otherMesh));
      await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          store.write.appendAudit(fact(n, n % 3 === 0 ? otherMesh : mesh)),
        ),
      );
      const again = await reopen();
      await again.write.appendAudit(fact(200));
      for (const [of, count] of [
        [mesh, 135],
        [otherMesh, 68],
      ] as const) {
        assert.equal((await rowsOf(again, of)).length, count);
        await requireSound(again, of);
      }
    });
  });

  test("an anchor stands for the rows that are taken away, and only for rows that there are", async () => {
    await withStore(async (store) => {
      for (let n = 1; n < 10; n++) await store.write.appendAudit(fact(n * day));
      const rows = await rowsOf(store);
      const over = await store.read.auditOver({ before: start + 4 * day, limit: 100, meshes: 10 });
      assert.deepEqual(over, [{ mesh, seq: 4, hash: rows[3]?.hash }]);
      const few = await store.read.auditOver({ before: start + 4 * day, limit: 2, meshes: 10 });
      assert.deepEqual(few, [{ mesh, seq: 2, hash: rows[1]?.hash }]);
      const prune = (seq: number, hash: AuditHead["hash"]) =>
        store.write.pruneAudit({ mesh, anchor: anchorAt(seq, hash) });
      assert.equal(await prune(4, hashOf(1)), 0);
      assert.equal(await prune(40, hashOf(1)), 0);
      assert.equal((await rowsOf(store)).length, 10);
      assert.equal(await prune(4, rows[3]?.hash ?? ""), 4);
      assert.deepEqual(await rowsOf(store), rows.slice(4));
      await requireSound(store);
      const all = await store.read.auditOver({ before: start + 90 * day, limit: 100, meshes: 10 });
      assert.equal(all[0]?.seq, 9, "the newest row is always kept");
      await store.write.appendAudit(fact(11));
      await requireSound(store);
    });
  });

  test("whatever is written in whatever order, the chain is what a plain list says", async () => {
    const act = fc.oneof(
      fc.record({ do: fc.constant("profile" as const), version: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ do: fc.constant("fact" as const), n: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ do: fc.constant("message" as const), n: fc.integer({ min: 0, max: 9 }) }),
    );
    const acts = fc.tuple(fc.array(act, { maxLength: 30 }), fc.array(act, { maxLength: 30 }));
    await fc.assert(
      fc.asyncProperty(acts, async ([before, after]) => {
        await withStore(async (first, reopen) => {
          let store = first;
          const list = ["roster.genesis"];
          let version = 0;
          for (const [n, one] of [...before, ...after].entries()) {
            if (n === before.length) store = await reopen();
            if (one.do === "message") {
              await store.write.appendMessage(message(one.n, { audience: audienceOf(member(3)) }));
            }
            if (one.do === "fact") {
              await store.write.appendAudit(fact(one.n));
              list.push(`n${one.n}`);
            }
            if (one.do === "profile") {
              await store.write.appendProfile(profileAt(one.version));
              if (one.version > version) list.push(member(2));
              version = Math.max(version, one.version);
            }
          }
          const rows = await rowsOf(store);
          assert.deepEqual(
            rows.map(({ act: what, about }) => about ?? what),
            list,
          );
          await requireSound(store);
        });
      }),
      // Each run opens stores of its own.
      { numRuns: 2 },
    );
  });
}
