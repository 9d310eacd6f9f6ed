import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read } from "../device/home-fixture.ts";

test("the list of meshes and a mesh at a glance count topics, unread and mentions as they lie here, also offline", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.topic.create({ name: "deploys" });
  await alice.api.topic.create({ name: "board", visibility: "private" });
  await alice.api.group.join({ group: "@core" });
  await bob.api.topic.join({ name: "deploys" });
  await alice.api.topic.post({ name: "deploys", text: "one, @bob" });
  await alice.api.message.send({ to: "bob", text: "two" });
  await bob.drain();
  const counts = { topics: 2, unread: 2, mentions: 1 };
  const listed = (await bob.api.mesh.list({})).items[0];
  assert.ok(listed);
  const { topics, unread, mentions } = listed;
  assert.deepEqual({ topics, unread, mentions }, counts);
  const info = await bob.api.mesh.info({});
  assert.deepEqual(
    { topics: info.topics, unread: info.unread, mentions: info.mentions, groups: info.groups },
    { ...counts, groups: 1 },
  );
  assert.deepEqual(
    bob.standing().map((one) => [one.unread, one.mentions]),
    [[2, 1]],
  );
  await ground.stopBroker();
  assert.equal((await bob.api.topic.read({ name: "deploys" })).read, 1);
  await bob.api.notification.read({});
  const after = await bob.api.mesh.info({});
  assert.ok(after.ageMs > 0);
  assert.deepEqual([after.topics, after.unread, after.mentions], [2, 1, 0]);
  await read(bob);
  assert.equal((await bob.api.mesh.list({})).items[0]?.unread, 0);
});
