import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground } from "./home-fixture.ts";

test("what only asks does not decide where the next message goes", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice", "bob");
  assert.ok(alice);
  const second = await alice.api.mesh.create({
    name: "second",
    broker: ground.broker.url,
  });
  const sent = await alice.api.message.send({ to: "bob", text: "one", mesh: "team" });
  await alice.api.peer.list({ mesh: second.id });
  await alice.api.topic.list({ mesh: second.id });
  await alice.api.topic.history({ mesh: second.id, name: "general" });
  const next = await alice.api.message.send({ to: "bob", text: "two" });
  assert.equal(next.mesh.id, sent.mesh.id);
});
