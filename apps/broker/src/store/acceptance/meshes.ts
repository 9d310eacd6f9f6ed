import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blob,
  creation,
  day,
  everyone,
  hashOf,
  head,
  invite,
  inviteBody,
  member,
  mesh,
  otherMesh,
  profile,
  readLog,
  rosterAppend,
  seqsOf,
  start,
} from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const appendProfile = (version: number, hash: number) => ({
  mesh,
  rosterSeq: 99,
  profile: profile(member(1), version, hash),
  at: start,
  expiresAt: start + 1000,
});

/** Meshes, rosters, profiles and invites. */
export function acceptMeshes(withStore: WithStore): void {
  test("a mesh is created once, with its genesis and first profile in the log", async () => {
    await withStore(async (store) => {
      assert.equal(await store.write.createMesh(creation()), "exists");
      const row = await store.read.mesh(mesh);
      assert.deepEqual(row, {
        id: mesh,
        slug: "flex",
        createdAt: start,
        epoch: "first",
        epochBase: 0,
        headSeq: 2,
      });
      const entries = await readLog(store, [everyone]);
      assert.deepEqual(
        entries.map(({ seq, kind, id }) => [seq, kind, id]),
        [
          [1, "roster", hashOf(100)],
          [2, "profile", hashOf(200)],
        ],
      );
      assert.deepEqual(JSON.parse(entries[0]?.body ?? ""), creation().genesis);
    });
  });

  test("several meshes have logs of their own", async () => {
    await withStore(async (store) => {
      assert.equal(await store.write.createMesh(creation(otherMesh)), "created");
      await store.write.appendRoster(rosterAppend(1));
      assert.equal((await store.read.mesh(mesh))?.headSeq, 3);
      assert.equal((await store.read.mesh(otherMesh))?.headSeq, 2);
      assert.deepEqual(
        (await store.read.meshes()).map((row) => row.id),
        [mesh, otherMesh],
      );
    });
  });

  test("a roster append needs the tail's seq and hash, and one of several at once wins", async () => {
    await withStore(async (store) => {
      const racing = await Promise.all(
        [1, 2, 3, 4].map((n) =>
          store.write.appendRoster(rosterAppend(1, undefined, { hash: hashOf(500 + n) })),
        ),
      );
      assert.equal(racing.filter(({ result }) => result === "appended").length, 1);
      const [winner] = racing;
      assert.deepEqual(winner, { result: "appended", seq: 3, head: { seq: 1, hash: hashOf(501) } });
      for (const loser of racing.slice(1)) {
        assert.deepEqual(loser, { result: "conflict", head: { seq: 1, hash: hashOf(501) } });
      }
      const wrongPrev = await store.write.appendRoster(rosterAppend(2));
      assert.equal(wrongPrev.result, "conflict");
      assert.equal((await store.read.mesh(mesh))?.headSeq, 3);
    });
  });

  test("the roster reads back in order, by page, with its place in the log", async () => {
    await withStore(async (store) => {
      const join = rosterAppend(1, undefined, { profile: profile(member(2), 1, 201) });
      assert.deepEqual(await store.write.appendRoster(join), {
        result: "appended",
        seq: 3,
        head: { seq: 1, hash: hashOf(101) },
      });
      await store.write.appendRoster(rosterAppend(2));
      const page = await store.read.roster(mesh, 0, 1);
      assert.deepEqual(page, [join.entry]);
      assert.equal((await store.read.roster(mesh, -1, 100)).length, 3);
      assert.deepEqual(await store.read.roster(mesh, 2, 100), []);
      assert.equal(await store.read.rosterLogSeq(mesh, 2), 5);
      assert.equal(await store.read.rosterLogSeq(mesh, 3), undefined);
      assert.deepEqual(seqsOf(await readLog(store, [everyone])), [1, 2, 3, 4, 5]);
    });
  });

  test("the highest profile version wins, on a tie the smaller hash; the rest is stale and leaves no entry", async () => {
    await withStore(async (store) => {
      assert.deepEqual(await store.write.appendProfile(appendProfile(3, 300)), { seq: 3 });
      assert.equal(await store.write.appendProfile(appendProfile(2, 100)), "stale");
      assert.equal(await store.write.appendProfile(appendProfile(3, 300)), "stale");
      assert.equal(await store.write.appendProfile(appendProfile(3, 301)), "stale");
      assert.deepEqual(await store.write.appendProfile(appendProfile(3, 299)), { seq: 4 });
      assert.equal((await store.read.mesh(mesh))?.headSeq, 4);
      const profiles = await store.read.profiles(mesh);
      assert.deepEqual(profiles, [profile(member(1), 3, 299).statement]);
    });
  });

  test("an invite is found with what it gives until it is revoked", async () => {
    await withStore(async (store) => {
      const welcome = { invite: invite(1), blob: blob("first"), head: head("h1") };
      await store.write.appendRoster(rosterAppend(1, inviteBody(1), { welcome }));
      await store.write.appendRoster(rosterAppend(2, inviteBody(2)));
      assert.deepEqual(await store.read.invite(invite(1)), { mesh, blob: "first", head: "h1" });
      assert.deepEqual(await store.read.invite(invite(2)), { mesh, blob: null, head: null });
      assert.equal(await store.read.invite(invite(3)), undefined);

      const put = (what: { blob: ReturnType<typeof blob>; head?: ReturnType<typeof head> }) =>
        store.write.putWelcome({ mesh, invite: invite(2), at: start, ...what });
      await put({ blob: blob("later"), head: head("h2") });
      assert.deepEqual(await store.read.invite(invite(2)), { mesh, blob: "later", head: "h2" });
      await put({ blob: blob("last") });
      assert.deepEqual(await store.read.invite(invite(2)), { mesh, blob: "last", head: "h2" });
      await assert.rejects(
        store.write.putWelcome({ mesh, invite: invite(3), blob: blob("x"), at: start }),
        {
          code: "not_found",
        },
      );
      const revoke = { type: "invite_revoke", body: { invite: invite(1) } } as const;
      await store.write.appendRoster(rosterAppend(3, revoke));
      assert.deepEqual(await store.read.invite(invite(1)), { mesh, blob: null, head: null });
    });
  });

  test("a welcome blob goes some time after its invite has expired or let the last one in", async () => {
    await withStore(async (store) => {
      for (const n of [1, 2]) {
        const welcome = { invite: invite(n), blob: blob(`of ${n}`) };
        await store.write.appendRoster(rosterAppend(n, inviteBody(n), { welcome }));
      }
      const join = { type: "join", body: { invite: invite(1) } } as Parameters<
        typeof rosterAppend
      >[1];
      await store.write.appendRoster(rosterAppend(3, join));
      const blobs = async () =>
        [await store.read.invite(invite(1)), await store.read.invite(invite(2))].map(
          (row) => row?.blob,
        );
      assert.equal(await store.write.forgetWelcomes({ before: start, limit: 10 }), 0);
      assert.deepEqual(await blobs(), ["of 1", "of 2"]);
      assert.equal(await store.write.forgetWelcomes({ before: start + 1, limit: 10 }), 1);
      assert.deepEqual(await blobs(), [null, "of 2"]);
      assert.equal(await store.write.forgetWelcomes({ before: start + day + 1, limit: 10 }), 1);
      assert.deepEqual(await blobs(), [null, null]);
    });
  });

  test("what is not there reads as empty and cannot be written to", async () => {
    await withStore(async (store) => {
      assert.equal(await store.read.mesh(otherMesh), undefined);
      assert.equal(await store.read.position(otherMesh, 0), undefined);
      assert.deepEqual(await store.read.profiles(otherMesh), []);
      await assert.rejects(
        store.write.appendRoster(rosterAppend(1, undefined, { mesh: otherMesh })),
        {
          code: "not_found",
          message: `there is no mesh ${otherMesh}`,
        },
      );
    });
  });
}
