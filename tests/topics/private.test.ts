import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { audienceOfTopic, type TopicId } from "@claudemesh/protocol";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";
import { historyOf, topicNamed } from "./support.ts";

/** The newest key version of a topic in a home's chain. */
const versionOf = (ground: Ground, name: string, topic: string): number => {
  using home = new Inside(ground, name);
  return home.ctx.rosters.of(home.row.mesh).topics.get(topic as TopicId)?.version ?? 0;
};

const names = (device: LocalDevice) =>
  device.api.topic.list({}).then(({ items }) => items.map(({ name }) => name));

test("a private topic is there for who is in it alone; an outsider finds, reads and posts nothing", async () => {
  await using ground = await Ground.start();
  const [alice, bob, eve] = await ground.mesh("alice", "bob", "eve");
  assert.ok(alice && bob && eve);
  const { id } = await alice.api.topic.create({ name: "board", visibility: "private" });
  await alice.api.topic.post({ name: "board", text: "before bob" });
  await alice.api.topic.invite({ name: "board", member: "bob" });
  await alice.api.topic.post({ name: "board", text: "hello bob" });
  assert.deepEqual(texts(await read(bob, "60s")), ["hello bob"]);
  assert.deepEqual(await historyOf(bob, "board"), ["hello bob", "before bob"]);
  assert.equal((await bob.api.topic.post({ name: "board", text: "hi" })).state, "accepted");
  assert.deepEqual(texts(await read(alice, "60s")), ["hi"]);
  const board = await topicNamed(bob, "board");
  assert.deepEqual([board?.visibility, board?.role, board?.members], ["private", "member", 2]);

  assert.deepEqual(await names(eve), ["general"]);
  for (const name of ["board", id]) {
    await refusal("not_found", () => eve.api.topic.history({ name }));
    await refusal("not_found", () => eve.api.topic.join({ name }));
    await refusal("not_found", () => eve.api.topic.members({ name }));
    await refusal("no_recipient", () => eve.api.topic.post({ name, text: "let me in" }));
  }
  assert.deepEqual(texts(await read(eve)), []);
  // The name is not taken from who does not know of it.
  const own = await eve.api.topic.create({ name: "board" });
  assert.equal(own.topic.visibility, "public");
  await alice.api.topic.list({});
  const both = await refusal("ambiguous", () => alice.api.topic.post({ name: "board", text: "?" }));
  assert.match(both.hint ?? "", new RegExp(id));
  assert.equal((await alice.api.topic.post({ name: id, text: "by its id" })).state, "accepted");
});

test("an outsider's feed and calls carry nothing of a private topic, whatever its device asks", async () => {
  await using ground = await Ground.start();
  const [alice, second] = await ground.mesh("alice", "eve");
  assert.ok(alice && second);
  const { id } = await alice.api.topic.create({ name: "board", visibility: "private" });
  await alice.api.topic.post({ name: "board", text: "secret" });
  await second.drain();
  await second.close();
  using eve = new Inside(ground, "eve");
  const topic = id as TopicId;
  const row = { ...eve.row };
  await eve.ctx.links.using(row, async ({ client }) => {
    await refusal("not_found", () => client.topic.history({ topic, limit: 10 }));
    await refusal("not_found", () => client.topic.join({ topic }));
    await refusal("not_found", () => client.topic.read({ topic, seq: 1 }));
    const { items } = await client.topic.list({});
    assert.deepEqual(
      items.filter((one) => one.id === topic),
      [],
    );
  });
  const rows = eve.ctx.store.all("SELECT 1 FROM inbox WHERE audience = ?", audienceOfTopic(topic));
  assert.deepEqual(rows, []);
  await eve.ctx.links.close();
  await eve.ctx.links.hangUp();
});

test("taking a member out changes the key; it reads nothing that comes after", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  const { id } = await alice.api.topic.create({ name: "board", visibility: "private" });
  for (const member of ["bob", "carol"]) await alice.api.topic.invite({ name: "board", member });
  await alice.api.topic.post({ name: "board", text: "one" });
  assert.deepEqual(texts(await read(bob, "60s")), ["one"]);
  assert.equal(versionOf(ground, "alice", id), 1);
  await alice.api.topic.leave({ name: "board", member: "bob" });
  assert.equal(versionOf(ground, "alice", id), 2);
  await alice.api.topic.post({ name: "board", text: "two" });
  await carol.drain();
  assert.deepEqual(await historyOf(carol, "board"), ["two", "one"]);
  assert.deepEqual(texts(await read(bob)), []);
  assert.deepEqual(await names(bob), ["general"]);
});

test("after one left by itself the next who posts changes the key first", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  const { id } = await alice.api.topic.create({ name: "board", visibility: "private" });
  for (const member of ["bob", "carol"]) await alice.api.topic.invite({ name: "board", member });
  await bob.drain();
  await carol.api.topic.leave({ name: "board" });
  await bob.drain();
  assert.equal((await bob.api.topic.post({ name: "board", text: "just us" })).state, "accepted");
  assert.equal(versionOf(ground, "bob", id), 2);
  assert.deepEqual(texts(await read(alice, "60s")), ["just us"]);
});

test("an observer of a private topic is refused by the broker, and by who gets its post anyway", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { id } = await alice.api.topic.create({ name: "board", visibility: "private" });
  await alice.api.topic.invite({ name: "board", member: "bob", role: "observer" });
  await alice.api.topic.post({ name: "board", text: "read this" });
  assert.deepEqual(texts(await read(bob, "60s")), ["read this"]);
  const error = await refusal("forbidden", () =>
    bob.api.topic.post({ name: "board", text: "me too" }),
  );
  assert.match(error.message, /observer/);
  await bob.drain();
  using forger = new Inside(ground, "bob");
  using reader = new Inside(ground, "alice");
  const { postBy } = await import("./support.ts");
  const forged = postBy(
    forger,
    id as TopicId,
    { text: "me too" },
    {
      ...{ kind: "private_topic", keyVersion: 1 },
    },
  );
  await forger.ctx.links.using(forger.row, async ({ client }) => {
    await refusal("forbidden", () => client.message.send({ envelope: forged }));
  });
  await reader.take("message", forged);
  assert.match(
    reader.ctx.store
      .all<{ text: string }>("SELECT text FROM notice")
      .map(({ text }) => text)
      .join(),
    /observer of the topic and may not post/,
  );
  assert.deepEqual(await historyOf(alice, "board"), ["read this"]);
  await forger.ctx.links.close();
  await forger.ctx.links.hangUp();
});
