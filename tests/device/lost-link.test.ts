import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read, texts } from "./home-fixture.ts";

test("a device that stays open sends over a new connection once the old one is lost", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const send = (text: string) => alice.api.message.send({ to: "bob", text });
  assert.equal((await send("before")).state, "accepted");
  await ground.stopBroker();
  assert.equal((await send("meanwhile")).state, "queued");
  await ground.startBroker();
  assert.equal((await send("after")).state, "accepted");
  assert.deepEqual(texts(await read(bob)), ["before", "meanwhile", "after"]);
});
