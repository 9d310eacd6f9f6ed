import assert from "node:assert/strict";
import { test } from "node:test";
import { createIdentitySeed, deriveMember, sealSecret, systemRandom } from "@claudemesh/crypto";
import type { LocalDevice } from "@claudemesh/device";
import { limits, type VaultEntry } from "@claudemesh/protocol";
import { Ground, refusal } from "../device/home-fixture.ts";
import { linked } from "../devices/support.ts";

const listed = async (device: LocalDevice) =>
  (await device.api.vault.list({})).items.map(({ key, type, version }) => [key, type, version]);

test("a secret is its owner's on every device, rotates, is sealed anew with new keys, and is nobody else's", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const value = 'first "value"\nä🦊';
  const made = await alice.api.vault.set({ key: "TOKEN", value });
  const mount = "/etc/app/key.pem";
  const file = await alice.api.vault.set({ key: "PEM", value: "pem", type: "file", mount });
  assert.deepEqual([made.version, file.mount], [1, mount]);
  assert.deepEqual(await listed(alice), [
    ["PEM", "file", 1],
    ["TOKEN", "env", 1],
  ]);
  assert.ok(!JSON.stringify(await alice.api.vault.list({})).includes("first"));

  const phone = await linked(ground, alice, "phone");
  assert.equal((await phone.api.vault.get({ key: "TOKEN" })).value, value);
  await refusal("not_found", () => bob.api.vault.get({ key: "TOKEN" }));
  await refusal("not_found", () => bob.api.vault.delete({ key: "TOKEN" }));
  assert.deepEqual(await listed(bob), []);

  const both = await Promise.all([
    alice.api.vault.set({ key: "TOKEN", value: "second" }),
    phone.api.vault.set({ key: "TOKEN", value: "third" }),
  ]);
  assert.deepEqual(
    both.map(({ version }) => version).sort(),
    [2, 3],
    "each is a version of its own",
  );
  const last = both[0].version === 3 ? "second" : "third";
  const rotated = await alice.api.vault.get({ key: "TOKEN" });
  assert.deepEqual([rotated.value, rotated.createdAt], [last, made.createdAt]);

  const [{ device = "" } = {}] = (await phone.whoami()).meshes;
  await phone.close();
  await alice.api.device.revoke({ device });
  const anew = await alice.api.vault.get({ key: "TOKEN" });
  assert.deepEqual([anew.value, anew.version], [last, 4]);
  assert.equal(anew.setAt, rotated.setAt, "the value is as old as it was");
  assert.deepEqual(await listed(alice), [
    ["PEM", "file", 2],
    ["TOKEN", "env", 4],
  ]);

  await alice.api.vault.delete({ key: "PEM" });
  await refusal("not_found", () => alice.api.vault.get({ key: "PEM" }));
  assert.deepEqual(await listed(alice), [["TOKEN", "env", 4]]);
});

test("what is too long, misplaced or misnamed is refused without the value in the error", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const value = "never-in-an-error";
  const { set } = alice.api.vault;
  const refused = [
    await refusal("malformed", () => set({ key: "A", value: value.repeat(4_000) })),
    await refusal("too_large", () => set({ key: "A", value: "ä".repeat(limits.vaultBytes - 1) })),
    await refusal("malformed", () => set({ key: "A", value, type: "file" })),
    await refusal("malformed", () => set({ key: "A", value, mount: "/etc/a" })),
    await refusal("malformed", () => set({ key: "A", value, type: "file", mount: "/a/../b" })),
    await refusal("malformed", () => set({ key: "A", value, type: "file", mount: "a/b" })),
    await refusal("malformed", () => set({ key: "a b", value })),
  ];
  for (const { message, detail } of refused) {
    assert.ok(!`${message} ${JSON.stringify(detail)}`.includes(value));
  }
  const most = "x".repeat(limits.vaultBytes);
  await set({ key: "A", value: most });
  assert.equal((await alice.api.vault.get({ key: "A" })).value, most);
});

test("a device takes no value from a broker that its owner did not sign", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  await alice.api.vault.set({ key: "TOKEN", value: "mine" });
  const [{ id: mesh, member } = assert.fail()] = (await alice.api.mesh.list({})).items;
  const { store } = ground.broker;
  const row = (await store.read.vaultEntries(mesh, member))[0]?.entry as VaultEntry;
  const other = deriveMember(createIdentitySeed(systemRandom), { mesh }, 0);
  const { author: _author, sealed: _sealed, sig: _sig, v: _v, ...before } = row;
  const planted = sealSecret({
    statement: { ...before, version: 2 },
    value: "planted",
    to: other.keys.seal,
    signer: other.signer,
    random: systemRandom,
  });
  await store.write.putVaultEntry({ mesh, ...planted, at: Date.now() });
  await refusal("bad_signature", () => alice.api.vault.get({ key: "TOKEN" }));
  await refusal("bad_signature", () => alice.api.vault.list({}));
});
