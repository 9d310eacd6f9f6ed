import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground } from "../device/home-fixture.ts";

test("a post says for how many it is, also after one of them was banned", {
  timeout: 120_000,
}, async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol, dave] = await ground.mesh("alice", "bob", "carol", "dave");
  assert.ok(alice && bob && carol && dave);
  await alice.api.topic.create({ name: "deploys", visibility: "public" });
  for (const device of [bob, carol]) await device.api.topic.join({ name: "deploys" });
  await alice.api.topic.list({});
  const reached = async (to: string, text: string) => {
    const { to: whom } = await alice.api.message.send({ to, text });
    return whom.kind === "topic" ? whom.members : undefined;
  };
  assert.equal(await reached("#deploys", "to two"), 2);
  await alice.api.member.ban({ member: "carol" });
  assert.equal(await reached("#deploys", "to one"), 1);
  assert.equal(await reached("#general", "to two again"), 2);
});
