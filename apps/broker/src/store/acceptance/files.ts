import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Audience,
  audienceOf,
  everyone,
  type FileId,
  type FileManifest,
  type Hash,
} from "@claudemesh/protocol";
import type { Store } from "../port.ts";
import { day, hashOf, member, mesh, otherMesh, readLog, start } from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const file = (n: number) => `fil_00000000-0000-4000-8000-${String(n).padStart(12, "0")}` as FileId;
const quota = 1_000;

const manifest = (n: number, over: Partial<FileManifest> = {}) =>
  ({
    v: 1,
    mesh,
    file: file(n),
    bytes: 100,
    member: member(1),
    sig: `sig ${n}`,
    ...over,
  }) as FileManifest;

const begin = (store: Store, n: number, bytes = 100, by = 1) =>
  store.write.beginFile({
    ...{ mesh, file: file(n), member: member(by), bytes, quota, at: start },
    expiresAt: start + day,
  });

const share = (
  store: Store,
  words: FileManifest,
  to: readonly number[] = [],
  hash: Hash = hashOf(700),
) =>
  store.write.shareFile({
    ...{ mesh, manifest: words, hash, at: start, expiresAt: start + day },
    shared: words.to === undefined ? undefined : { keyVersion: 0, sealed: "s" },
    rows: to.map((n) => ({ recipient: member(n), sealed: `for ${n}` })),
  });

const listed = async (
  store: Store,
  who: number,
  audiences: readonly Audience[] = [],
  now = start,
) =>
  (
    await store.read.files(mesh, {
      member: member(who),
      audiences: audiences.map((audience) => ({ audience, after: 0 })),
      before: Number.MAX_SAFE_INTEGER,
      now,
      limit: 10,
    })
  ).map((one) => one.manifest.file);

const told = async (store: Store, who: Audience) =>
  (await readLog(store, [who])).filter(({ kind }) => kind === "file").length;

/** Files: begun, shared, given on, counted and forgotten. */
export function acceptFiles(withStore: WithStore): void {
  test("room for files is kept once, for its uploader, up to the mesh's quota", async () => {
    await withStore(async (store) => {
      assert.equal(await begin(store, 1), "begun");
      assert.equal(await begin(store, 1), "begun");
      assert.equal(await begin(store, 1, 101), "taken");
      assert.equal(await begin(store, 1, 100, 2), "taken");
      assert.equal(await begin(store, 2, 900), "begun");
      assert.equal(await begin(store, 3, 1), "full");
      assert.deepEqual(await store.read.fileTotals(mesh), { files: 0, bytes: 1_000 });
      assert.deepEqual(await listed(store, 1), []);
      assert.equal(await store.write.deleteFile({ mesh, file: file(2), at: start }), true);
      assert.equal(await begin(store, 3, 1), "begun");
    });
  });

  test("an upload that is given up makes room at once, and one that goes on is kept longer", async () => {
    await withStore(async (store) => {
      const end = { mesh, at: start, unfinished: true };
      await begin(store, 1, 600);
      await begin(store, 2, 100);
      await share(store, manifest(2, { to: everyone }));
      assert.equal(await begin(store, 3, 600), "full");
      assert.equal(await store.write.deleteFile({ ...end, file: file(1) }), true);
      assert.equal(await store.write.deleteFile({ ...end, file: file(1) }), false);
      assert.equal(await store.write.deleteFile({ ...end, file: file(2) }), false);
      assert.equal(await begin(store, 3, 600), "begun");
      for (const n of [2, 3]) {
        await store.write.keepUpload({ mesh, file: file(n), expiresAt: start + 3 * day });
        await store.write.keepUpload({ mesh, file: file(n), expiresAt: start + 2 * day });
      }
      const forget = (now: number) => store.write.forgetFiles({ now, limit: 10 });
      assert.deepEqual(await forget(start + 3 * day - 1), []);
      assert.deepEqual(await forget(start + 3 * day), [{ mesh, file: file(3) }]);
      assert.deepEqual(await listed(store, 1), [file(2)]);
    });
  });

  test("a file is shared once, told to those it is for, and seen by nobody else", async () => {
    await withStore(async (store) => {
      assert.equal(await share(store, manifest(1), [1, 2]), "unknown");
      await begin(store, 1);
      await begin(store, 2);
      assert.equal(await share(store, manifest(1), [1, 2]), "shared");
      assert.equal(await share(store, manifest(1), [1, 2]), "kept");
      assert.equal(await share(store, manifest(1, { sha256: hashOf(1) }), [1]), "taken");
      assert.equal(await share(store, manifest(2, { to: everyone })), "shared");
      assert.equal(await told(store, audienceOf(member(2))), 1);
      assert.equal(await told(store, audienceOf(member(3))), 0);
      assert.equal(await told(store, everyone), 1);
      assert.deepEqual(await listed(store, 1), [file(2), file(1)]);
      assert.deepEqual(await listed(store, 2), [file(1)]);
      assert.deepEqual(await listed(store, 3), []);
      assert.deepEqual(await listed(store, 3, [everyone]), [file(2)]);
      const seen = async (who: number | undefined, more: object = {}) =>
        await store.read.filesSeen(mesh, {
          member: who === undefined ? undefined : member(who),
          audiences: [{ audience: everyone, after: 0 }],
          now: start,
          ...more,
        });
      assert.deepEqual(await seen(2), { files: 2, bytes: 200 });
      assert.deepEqual(await seen(3), { files: 1, bytes: 100 });
      assert.deepEqual(await seen(undefined), { files: 1, bytes: 100 });
      assert.deepEqual(await seen(1, { recipient: member(2) }), { files: 1, bytes: 100 });
      assert.deepEqual(await seen(1, { recipient: member(3) }), { files: 0, bytes: 0 });
      assert.equal(await store.read.fileSeal(mesh, file(1), member(2)), "for 2");
      assert.equal(await store.read.fileSeal(mesh, file(1), member(3)), undefined);
      assert.equal(await store.read.file(otherMesh, file(1)), undefined);
      assert.equal((await store.read.fileTotals(mesh)).files, 2);
    });
  });

  test("a file is given on without another upload, and who fetched it is counted", async () => {
    await withStore(async (store) => {
      await begin(store, 1);
      await share(store, manifest(1), [1]);
      const rows = [2, 3].map((n) => ({ recipient: member(n), sealed: `for ${n}` }));
      const grant = { mesh, file: file(1), rows, at: start, expiresAt: start + day };
      assert.equal(await store.write.grantFile(grant), 2);
      assert.equal(await store.write.grantFile(grant), 0);
      assert.equal(await store.write.grantFile({ ...grant, file: file(9) }), 0);
      assert.deepEqual(await listed(store, 3), [file(1)]);
      for (const at of [start + 5, start + 9]) {
        await store.write.countDownload({ mesh, file: file(1), member: member(3), at });
      }
      await store.write.countDownload({ mesh, file: file(9), member: member(3), at: start });
      assert.deepEqual(await store.read.fileDownloads(mesh, file(1)), [
        { member: member(3), count: 2, firstAt: start + 5, lastAt: start + 9 },
      ]);
      assert.deepEqual(await store.read.fileDownloads(mesh, file(9)), []);
      assert.equal(await store.write.deleteFile({ mesh, file: file(1), at: start }), true);
      assert.equal(await store.write.deleteFile({ mesh, file: file(1), at: start }), false);
      assert.deepEqual(await store.read.fileDownloads(mesh, file(1)), []);
      assert.deepEqual(await store.read.fileRecipients(mesh, file(1)), []);
    });
  });

  test("what is ephemeral and what nobody finished are forgotten, a batch at a time", async () => {
    await withStore(async (store) => {
      for (const n of [1, 2, 3]) await begin(store, n);
      await share(store, manifest(1), [1]);
      await share(store, manifest(2, { expiresAt: start + 10 }), [1]);
      assert.deepEqual(await listed(store, 1, [], start + 10), [file(1)]);
      const forget = (now: number) => store.write.forgetFiles({ now, limit: 1 });
      assert.deepEqual(await forget(start + 9), []);
      assert.deepEqual(await forget(start + 10), [{ mesh, file: file(2) }]);
      assert.deepEqual(await forget(start + day), [{ mesh, file: file(3) }]);
      assert.deepEqual(await forget(start + 999 * day), []);
      assert.deepEqual(await listed(store, 1, [], start + 999 * day), [file(1)]);
    });
  });
}
