import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { test } from "node:test";
import { Ground, refusal } from "../device/home-fixture.ts";

const passphrase = "correct horse battery";

test("a home in use is replaced only when that was confirmed, and what was there is kept aside", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const path = ground.home("alice.backup");
  await alice.api.backup.create({ path, passphrase });
  const error = await refusal("exists", () => bob.api.backup.restore({ path, passphrase }));
  assert.match(error.message, /in use: team/);
  const mine = (await bob.whoami()).meshes[0]?.member;
  const { aside } = await bob.api.backup.restore({ path, passphrase, replace: true });
  assert.ok(aside && existsSync(`${aside}/identity.json`) && existsSync(`${aside}/home.db`));
  assert.equal(statSync(`${aside}/home.db`).mode & 0o777, 0o600);
  const now = await bob.whoami();
  assert.notEqual(now.meshes[0]?.member, mine);
  assert.equal(now.meshes[0]?.displayName, "alice");
  const { items } = await bob.api.member.list({});
  assert.equal(items.find(({ self }) => self)?.name, "alice");
});
