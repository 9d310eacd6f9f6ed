import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { linked, noticesOf } from "./support.ts";

test("keys that could not be replaced while a broker was away are replaced when it is there again", async () => {
  await using ground = await Ground.start();
  await using other = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.mesh.create({ name: "Far", broker: other.url });
  const lost = await linked(ground, alice, "lost");
  await lost.api.device.list({ mesh: "far" });
  const { items } = await alice.api.device.list({ mesh: "far" });
  const device = items.find(({ origin }) => origin === "linked")?.device ?? "";
  await other.stopBroker();
  const revoked = await alice.api.device.revoke({ device });
  assert.deepEqual([revoked.done, revoked.due], [["team"], ["far"]]);
  const keys = async () => (await alice.whoami()).meshes.map(({ key }) => key);
  const before = await keys();
  await other.startBroker();
  await lost.api.mesh.info({ mesh: "far" });
  const again = await alice.api.device.revoke({ device });
  assert.deepEqual([again.done.sort(), again.due], [["far", "team"], []]);
  const after = await keys();
  assert.equal(after[0], before[0], "what was replaced stays as it is");
  assert.notEqual(after[1], before[1]);
  await lost.close();
  const thief = await ground.device("lost");
  await refusal("revoked", () => thief.api.message.send({ mesh: "far", to: "*", text: "no" }));
});

test("another device of one's own is shut out too, says so, and comes back by a new link", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const laptop = await linked(ground, alice, "laptop");
  const phone = await linked(ground, alice, "phone");
  for (const device of [laptop, phone]) await device.drain();
  const online = laptop.keepOnline();
  await laptop.api.mesh.info({});
  const [{ device = "" } = {}] = (await phone.whoami()).meshes;
  await alice.api.device.revoke({ device });
  while (!(await noticesOf(laptop)).includes("own_keys_replaced")) {
    await new Promise(setImmediate);
  }
  await online.stop();
  const { items } = await alice.api.device.list({});
  assert.deepEqual(items.map(({ origin }) => origin).sort(), ["revoked", "revoked", "this"]);
  const again = await linked(ground, alice, "laptop-again");
  await bob.api.message.send({ to: "alice", text: "welcome back" });
  assert.deepEqual(texts(await read(again, "60s")), ["welcome back"]);
  assert.deepEqual(await noticesOf(alice), []);
});

test("agent sessions go on under the new keys, attested anew", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const lost = await linked(ground, alice, "lost");
  await lost.api.device.list({});
  const online = alice.keepOnline();
  const agentSession = "11111111-1111-4111-8111-111111111111";
  const about = { agent: "test", cwd: "/src", host: "here" };
  alice.sessions.start({ agentSession, pid: process.pid, ...about });
  const peerKey = async () =>
    (await bob.api.peer.list({})).items.find(({ session }) => session !== undefined)?.key;
  let key = await peerKey();
  while (key === undefined) key = await peerKey();
  const { items } = await alice.api.device.list({});
  const device = items.find(({ origin }) => origin === "linked")?.device ?? "";
  await alice.api.device.revoke({ device });
  let again = await peerKey();
  while (again !== key) again = await peerKey();
  await bob.api.message.send({ to: key, text: "to the session" });
  const reader = alice.reader({ agentSession });
  const shown = await reader.call("message.inbox", { wait: "60s" });
  await reader.confirmHandOver();
  await reader.close();
  assert.deepEqual(
    shown.items.map(({ text }) => text),
    ["to the session"],
  );
  await online.stop();
});
