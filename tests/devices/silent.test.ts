import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { test } from "node:test";
import { Ground, read, texts } from "../device/home-fixture.ts";
import { linked, noticesOf } from "./support.ts";

/** Settles when a notice of that code waits at a device that is kept online. */
async function untilNotice(device: Parameters<typeof noticesOf>[0], code: string): Promise<void> {
  while (!(await noticesOf(device)).includes(code)) await new Promise(setImmediate);
}

test("a device that appears without a link is told loudly at those that are connected, also when it only calls", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await bob.api.member.list({});
  const online = alice.keepOnline();
  await alice.api.device.list({});
  const passphrase = "correct horse battery";
  const path = ground.home("stolen.backup");
  await alice.api.backup.create({ path, passphrase });

  const thief = await ground.device("thief");
  await thief.api.backup.restore({ path, passphrase });
  await thief.api.mesh.info({});
  await untilNotice(alice, "new_device");
  const { items } = await alice.api.device.list({});
  assert.deepEqual(items.map(({ origin }) => origin).sort(), ["this", "unknown"]);
  assert.equal(items.find(({ origin }) => origin === "this")?.online, true);
  assert.deepEqual(await noticesOf(alice), [], "once");
  await online.stop();
});

test("a device that the broker keeps from the list gives itself away by what it writes", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.drain();
  await alice.api.device.list({});
  await alice.close();
  cpSync(ground.home("alice"), ground.home("copy"), { recursive: true });
  const again = await ground.device("alice");
  const second = await linked(ground, again, "second");
  await second.api.message.send({ to: "*", text: "from the second" });
  await again.drain();
  assert.deepEqual(await noticesOf(again), [], "one that was linked here is known");
  assert.deepEqual(texts(await read(bob, "60s")), ["from the second"]);
  const copy = await ground.device("copy");
  await copy.drain();
  assert.ok((await noticesOf(copy)).includes("new_device"));
});
