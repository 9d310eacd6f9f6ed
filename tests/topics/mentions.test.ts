import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { audienceOfTopic, type TopicId } from "@claudemesh/protocol";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";
import { historyOf } from "./support.ts";

const mentions = async (device: LocalDevice) =>
  (await device.api.notification.list({})).items.map(({ topic, text }) => [topic, text]);

test("who is named in a public topic without being in it is told, can read it, and gets nothing else of it", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  await alice.api.topic.create({ name: "deploys" });
  await carol.api.topic.join({ name: "deploys" });
  await alice.api.topic.post({ name: "deploys", text: "not for bob" });
  const { id } = await alice.api.topic.post({ name: "deploys", text: "v1 is out, @bob @carol" });
  await bob.drain();
  assert.deepEqual(await mentions(bob), [["deploys", "v1 is out, @bob @carol"]]);
  assert.deepEqual(texts(await read(bob)), []);
  assert.deepEqual(await historyOf(bob, "deploys"), ["v1 is out, @bob @carol", "not for bob"]);
  assert.deepEqual(await mentions(carol), [["deploys", "v1 is out, @bob @carol"]]);
  assert.deepEqual(texts(await read(carol)), ["not for bob", "v1 is out, @bob @carol"]);
  assert.equal((await bob.api.notification.read({ id })).read, 1);
  // Once joined, posts come as to everyone in it, each named once.
  await bob.api.topic.join({ name: "deploys" });
  await alice.api.topic.post({ name: "deploys", text: "@bob again" });
  const got = await read(bob, "60s");
  assert.deepEqual([texts(got), got.notices], [["@bob again"], []]);
  assert.equal((await mentions(bob)).length, 2);
});

test("neither a private topic nor one without history nor a blocked writer names an outsider", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.topic.create({ name: "board", visibility: "private" });
  await alice.api.topic.create({ name: "fresh", history: "none" });
  await alice.api.topic.create({ name: "open" });
  await alice.api.topic.post({ name: "board", text: "@bob must not know" });
  await alice.api.topic.post({ name: "fresh", text: "@bob cannot read" });
  await bob.api.grant.block({ peer: "alice" });
  await alice.api.topic.post({ name: "open", text: "@bob who blocks" });
  await bob.drain();
  assert.deepEqual(await mentions(bob), []);
  await bob.api.grant.unblock({ peer: "alice" });
  await alice.api.topic.post({ name: "open", text: "@bob who does not" });
  await bob.drain();
  assert.deepEqual(await mentions(bob), [["open", "@bob who does not"]]);
});

test("that a post names one its own signed header must say", async () => {
  await using ground = await Ground.start();
  const [alice, second] = await ground.mesh("alice", "bob");
  assert.ok(alice && second);
  const { id } = await alice.api.topic.create({ name: "deploys" });
  const { seq } = await alice.api.topic.post({ name: "deploys", text: "names nobody" });
  await second.drain();
  await second.close();
  assert.ok(seq !== undefined);
  using bob = new Inside(ground, "bob");
  const topic = id as TopicId;
  await bob.ctx.links.using(bob.row, async (link) => {
    const { takeEvent } = await import("../../packages/device/src/feed/take-event.ts");
    const scope = { row: bob.row, link, syncRoster: async () => {} };
    for (const place of [seq, seq + 100, 1]) {
      const body = { topic, seq: place };
      const event = { type: "event", kind: "mention", seq: 900 + place, id: "x", at: 1, body };
      await takeEvent(bob.ctx, scope, event as Parameters<typeof takeEvent>[2]);
    }
  });
  assert.deepEqual(bob.ctx.store.all("SELECT 1 FROM notification"), []);
  const rows = bob.ctx.store.all("SELECT 1 FROM inbox WHERE audience = ?", audienceOfTopic(topic));
  assert.deepEqual(rows, []);
  await bob.ctx.links.close();
  await bob.ctx.links.hangUp();
  await refusal("not_found", () => alice.api.topic.history({ name: "none-such" }));
});
