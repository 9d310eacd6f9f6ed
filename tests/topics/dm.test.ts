import assert from "node:assert/strict";
import { test } from "node:test";
import type { TopicInfo } from "@claudemesh/protocol";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";
import { historyOf, until } from "./support.ts";

const dmsOf = async (device: {
  api: { topic: { list(input: object): Promise<{ items: TopicInfo[] }> } };
}) =>
  (await device.api.topic.list({})).items
    .filter(({ visibility }) => visibility === "dm")
    .map(({ name, unread, members }) => [name, unread, members]);

test("a dm is there for its two, and for nobody else, as soon as one of them has written", async () => {
  await using ground = await Ground.start();
  const [alice, bob, eve] = await ground.mesh("alice", "bob", "eve");
  assert.ok(alice && bob && eve);
  assert.deepEqual(await dmsOf(alice), []);
  assert.deepEqual(await historyOf(alice, "@bob"), []);
  const first = await alice.api.topic.post({ name: "@bob", text: "between us" });
  assert.equal(first.state, "accepted");
  assert.deepEqual(first.to, { kind: "member", name: "bob", member: first.to.member });
  await bob.drain();
  assert.deepEqual(await dmsOf(bob), [["alice", 1, 2]]);
  assert.deepEqual(await dmsOf(alice), [["bob", 0, 2]]);
  await bob.api.message.send({ to: "alice", text: "yes" });
  await alice.drain();
  assert.deepEqual(await historyOf(alice, "@bob"), ["yes", "between us"]);
  assert.deepEqual(await historyOf(bob, "@alice"), ["yes", "between us"]);
  await eve.drain();
  assert.deepEqual(await dmsOf(eve), []);
  assert.deepEqual(await historyOf(eve, "@alice"), []);
  const { items } = await bob.api.topic.members({ name: "@alice" });
  assert.deepEqual(items.map(({ name, role }) => [name, role]).sort(), [
    ["alice", "member"],
    ["bob", "member"],
  ]);
  // The chain, which everyone reads, says nothing of it.
  using inside = new Inside(ground, "eve");
  assert.equal(inside.ctx.rosters.of(inside.row.mesh).topics.size, 0);
});

test("reading a dm ends its being unread, and its sender is told", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { id } = await alice.api.message.send({ to: "bob", text: "one" });
  await alice.api.message.send({ to: "bob", text: "two" });
  await bob.drain();
  assert.equal((await bob.api.topic.read({ name: "@alice" })).read, 2);
  assert.deepEqual(await dmsOf(bob), [["alice", 0, 2]]);
  assert.deepEqual(texts(await read(bob)), []);
  const status = await until(
    () => alice.api.message.status({ id }),
    ({ state }) => state === "offered",
  );
  assert.equal(status.way, "topic");
  assert.equal((await bob.api.topic.read({ name: "@alice" })).read, 0);
});

test("messages of a dm are edited, taken back, reacted to and pinned, each by whom it may", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { id } = await alice.api.message.send({ to: "bob", text: "v1 is uot" });
  await bob.drain();
  await alice.api.topic.edit({ id, text: "v1 is out" });
  await bob.api.topic.react({ id, emoji: "👍" });
  await bob.api.topic.pin({ id });
  await refusal("forbidden", () => bob.api.topic.edit({ id, text: "mine" }));
  await Promise.all([alice.drain(), bob.drain()]);
  for (const [device, name] of [
    [alice, "@bob"],
    [bob, "@alice"],
  ] as const) {
    const [post, ...others] = (await device.api.topic.history({ name })).items;
    assert.deepEqual(others, []);
    assert.equal(post?.text, "v1 is out");
    assert.ok(post?.editedAt !== undefined && post.pinned);
    assert.deepEqual(post?.reactions, [{ emoji: "👍", by: ["bob"] }]);
  }
  // Who has not read it yet is shown it as it is now, and of what was said of it nothing by itself.
  assert.deepEqual(texts(await read(bob)), ["v1 is out"]);
  assert.deepEqual(texts(await read(alice)), []);
  await alice.api.topic.retract({ id });
  await bob.drain();
  const [gone] = (await bob.api.topic.history({ name: "@alice" })).items;
  assert.deepEqual([gone?.text, gone?.retractedAt === undefined], ["", false]);
});

test("an edit that the other member forges of what one wrote oneself changes nothing and is told of", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { id } = await alice.api.message.send({ to: "bob", text: "I said so" });
  await bob.drain();
  using forger = new Inside(ground, "bob");
  using reader = new Inside(ground, "alice");
  await reader.take(
    "message",
    forger.seal(reader, { replyTo: id, n: 7 }, { text: "I said no", subtype: "post.edit" }),
  );
  assert.deepEqual(await historyOf(alice, "@bob"), ["I said so"]);
  const notices = reader.ctx.store.all<{ text: string }>("SELECT text FROM notice");
  assert.match(notices.map(({ text }) => text).join(), /bob tried to edit a message of yours/);
});

test("a topic and a member of one name are told apart; nobody joins, leaves or makes a dm", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await bob.api.topic.create({ name: "bob" });
  await alice.api.topic.join({ name: "bob" });
  await alice.api.topic.post({ name: "bob", text: "for all" });
  await alice.api.topic.post({ name: "@bob", text: "for one" });
  assert.deepEqual(await historyOf(alice, "bob"), ["for all"]);
  assert.deepEqual(await historyOf(alice, "@bob"), ["for one"]);
  for (const act of ["join", "leave", "delete"] as const) {
    const error = await refusal("forbidden", () => alice.api.topic[act]({ name: "@bob" }));
    assert.match(error.message, /@bob is a dm: nobody joins/);
  }
  const made = await refusal("malformed", () =>
    alice.api.topic.create({ name: "bob", visibility: "dm" }),
  );
  assert.match(made.hint ?? "", /topic post @bob/);
  await refusal("malformed", () => alice.api.topic.history({ name: "@alice" }));
  const unknown = await refusal("not_found", () => alice.api.topic.history({ name: "@carol" }));
  assert.match(unknown.message, /known: /);
});

test("that somebody writes in a dm its other member hears", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const online = alice.keepOnline();
  await until(
    () => Promise.resolve(alice.standing()),
    ([one]) => one?.link?.link === "open",
  );
  const typing = async () => (await alice.api.topic.tail({ name: "@bob", limit: 1 })).typing;
  await until(
    async () => {
      await bob.api.topic.typing({ name: "@alice" });
      return typing();
    },
    (names) => names.includes("bob"),
  );
  await online.stop();
});

test("without the broker a dm is read as it lies here, and written to later", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await bob.api.message.send({ to: "alice", text: "before" });
  await alice.drain();
  await ground.stopBroker();
  assert.equal((await alice.api.topic.post({ name: "@bob", text: "later" })).state, "queued");
  const { items, notes } = await alice.api.topic.history({ name: "@bob" });
  assert.deepEqual(
    items.map(({ text }) => text),
    ["later", "before"],
  );
  assert.match(notes.join(), /cannot be reached/);
  assert.equal(items[0]?.seq, undefined);
  await ground.startBroker();
  await alice.drain();
  assert.deepEqual(texts(await read(bob, "60s")), ["later"]);
});
