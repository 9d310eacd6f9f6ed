import assert from "node:assert/strict";
import { test } from "node:test";
import { limits, type VaultEntry } from "@claudemesh/protocol";
import { hashOf, member, mesh, otherMesh, start } from "./fixtures.ts";
import type { WithStore } from "./with-store.ts";

const entry = (key: string, version: number, over: Partial<VaultEntry> = {}): VaultEntry => ({
  v: 1,
  mesh,
  member: member(1),
  key,
  type: "env",
  version,
  setAt: start,
  sealed: hashOf(version),
  author: "A".repeat(43) as VaultEntry["author"],
  at: start,
  sig: `${version}${"S".repeat(85)}` as VaultEntry["sig"],
  ...over,
});
const put = (one: VaultEntry, at = start) => ({
  mesh,
  entry: one,
  ciphertext: `c${one.version}`,
  at,
});

/** Secrets of members, as ciphertext. */
export function acceptVault(withStore: WithStore): void {
  test("a secret is its owner's only, and only its next version takes its place", async () => {
    await withStore(async (store) => {
      const { read, write } = store;
      const kept = { result: "kept", createdAt: start };
      assert.deepEqual(await write.putVaultEntry(put(entry("b", 1))), kept);
      assert.deepEqual(await write.putVaultEntry(put(entry("b", 1), start + 5)), kept, "again");
      const other = entry("b", 1, { sig: "T".repeat(86) as VaultEntry["sig"] });
      assert.deepEqual(await write.putVaultEntry(put(other)), { result: "conflict" });
      assert.deepEqual(await write.putVaultEntry(put(entry("b", 3))), { result: "conflict" });
      assert.deepEqual(await write.putVaultEntry(put(entry("a", 2))), { result: "conflict" });
      assert.deepEqual(await write.putVaultEntry(put(entry("b", 2), start + 9)), kept);
      await write.putVaultEntry(put(entry("B", 1), start + 9));
      await write.putVaultEntry(put(entry("a", 1, { member: member(2) })));
      const listed = await read.vaultEntries(mesh, member(1));
      assert.deepEqual(
        listed.map((row) => [row.entry.key, row.entry.version, row.createdAt]),
        [
          ["B", 1, start + 9],
          ["b", 2, start],
        ],
      );
      const of = (n: number, key: string) => ({ member: member(n), key });
      assert.deepEqual(await read.vaultEntry(mesh, of(1, "b")), {
        entry: entry("b", 2),
        ciphertext: "c2",
        createdAt: start,
      });
      assert.equal(await read.vaultEntry(mesh, of(1, "a")), undefined);
      assert.equal(await read.vaultEntry(otherMesh, of(1, "b")), undefined);
      const gone = (n: number, key: string) =>
        write.deleteVaultEntry({ mesh, ...of(n, key), at: start });
      assert.equal(await gone(2, "b"), false);
      assert.equal(await gone(1, "b"), true);
      assert.equal(await gone(1, "b"), false);
      assert.deepEqual(await write.putVaultEntry(put(entry("b", 1), start + 20)), {
        result: "kept",
        createdAt: start + 20,
      });
    });
  });

  test("a vault has a bound, within which what is there goes on", async () => {
    await withStore(async ({ write }) => {
      const names = Array.from({ length: limits.vaultEntries }, (_, n) => `k${n}`);
      for (const name of names) await write.putVaultEntry(put(entry(name, 1)));
      assert.deepEqual(await write.putVaultEntry(put(entry("more", 1))), { result: "full" });
      assert.equal((await write.putVaultEntry(put(entry("k1", 2)))).result, "kept");
      const others = entry("more", 1, { member: member(2) });
      assert.equal((await write.putVaultEntry(put(others))).result, "kept");
    });
  });
}
