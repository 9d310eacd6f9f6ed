import assert from "node:assert/strict";
import { before, test } from "node:test";
import { limits, MeshError, type VaultEntry } from "@claudemesh/protocol";
import { fromBase64, toBase64 } from "./encoding.ts";
import { Opener, sealTo } from "./opener.ts";
import { systemRandom } from "./random.ts";
import { openSecret, sealSecret } from "./seal-vault.ts";
import { Signer } from "./signature.ts";
import { ready } from "./sodium.ts";
import { requireCiphertext, verifyVaultEntry } from "./vault.ts";

before(ready);

const statement = {
  mesh: `mesh_${"1".repeat(64)}` as VaultEntry["mesh"],
  member: `mbr_${"2".repeat(64)}` as VaultEntry["member"],
  key: "TOKEN",
  type: "env" as const,
  version: 1,
  setAt: 1,
  at: 1,
};
const owner = () => ({
  opener: new Opener(systemRandom(32)),
  signer: new Signer(systemRandom(32)),
});
const sealed = (value: string, { opener, signer } = owner()) => ({
  ...sealSecret({ statement, value, to: opener.key, signer, random: systemRandom }),
  opener,
  signer,
});
const refused = (act: () => unknown) =>
  assert.throws(act, (error) => error instanceof MeshError && error.code === "bad_signature");

test("a secret opens for its owner alone, whatever its text", () => {
  for (const value of ["a", "ä🦊\n\t\u0000", "x".repeat(63), "x".repeat(64), "\u0080", "\0\0"]) {
    const one = sealed(value);
    verifyVaultEntry(one.entry, one.signer.key);
    assert.equal(openSecret(one.entry, one.ciphertext, one.opener), value);
    refused(() => openSecret(one.entry, one.ciphertext, owner().opener));
    refused(() => verifyVaultEntry(one.entry, owner().signer.key));
  }
});

test("the length of what is sealed tells only in how many blocks it fits", () => {
  const length = (chars: number) => sealed("x".repeat(chars)).ciphertext.length;
  assert.equal(length(1), length(63));
  assert.notEqual(length(63), length(64));
});

test("neither another value, nor another name, version or place passes for it", () => {
  const one = sealed("mine");
  const planted = toBase64(sealTo(one.opener.key, new Uint8Array(64), systemRandom));
  refused(() => requireCiphertext(one.entry, planted));
  for (const change of [{ key: "OTHER" }, { version: 2 }, { type: "file" }, { mount: "/etc/x" }]) {
    refused(() => verifyVaultEntry({ ...one.entry, ...change } as VaultEntry, one.signer.key));
  }
});

test("no field of an entry can be changed, and nothing of the ciphertext", () => {
  const one = sealed("mine");
  const other = sealed("other");
  const entry = { ...one.entry, mount: undefined };
  const others: { readonly [K in keyof Required<VaultEntry>]: unknown } = {
    ...{ v: 2, mesh: `mesh_${"3".repeat(64)}`, member: `mbr_${"3".repeat(64)}`, key: "OTHER" },
    ...{ type: "file", mount: "/etc/x", version: 2, setAt: 2, at: 2 },
    ...{ sealed: other.entry.sealed, author: other.entry.author, sig: other.entry.sig },
  };
  assert.deepEqual(Object.keys(others).sort(), Object.keys(entry).sort(), "every field is tried");
  for (const [field, value] of Object.entries(others)) {
    const changed = { ...one.entry, [field]: value } as VaultEntry;
    refused(() => verifyVaultEntry(changed, one.signer.key));
  }
  const bytes = fromBase64(one.ciphertext);
  const open = (given: Uint8Array) => openSecret(one.entry, toBase64(given), one.opener);
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Uint8Array.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 0x80;
    for (const given of [flipped, bytes.subarray(0, at)]) {
      refused(() => open(given));
      // Also without the hash the box itself tells.
      refused(() => one.opener.open(given));
    }
  }
  refused(() => open(Uint8Array.of(...bytes, 0)));
  refused(() => openSecret(one.entry, other.ciphertext, one.opener));
  refused(() => openSecret(other.entry, one.ciphertext, one.opener));
});

test("64 KiB fit, and one byte more does not", () => {
  const one = sealed("x".repeat(limits.vaultBytes));
  assert.equal(openSecret(one.entry, one.ciphertext, one.opener).length, limits.vaultBytes);
  assert.ok(one.ciphertext.length <= Math.ceil((limits.vaultSealedBytes * 4) / 3));
  assert.throws(
    () => sealed(`ä${"x".repeat(limits.vaultBytes - 1)}`),
    (error) => error instanceof MeshError && error.code === "too_large",
  );
});
