import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import type { Post } from "@claudemesh/protocol";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { historyOf } from "./support.ts";

const newest = async (device: LocalDevice): Promise<Post> => {
  const { items } = await device.api.topic.history({ name: "general", limit: 1 });
  assert.ok(items[0]);
  return items[0];
};

test("a post is edited and retracted by its author, and by nobody else", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { id } = await alice.api.topic.post({ name: "general", text: "the biuld is green" });
  assert.deepEqual(texts(await read(bob, "60s")), ["the biuld is green"]);
  const edited = await alice.api.topic.edit({ id, text: "the build is green" });
  assert.deepEqual([edited.id, edited.state], [id, "accepted"]);
  for (const device of [alice, bob]) {
    const post = await newest(device);
    assert.equal(post.text, "the build is green");
    assert.ok(post.editedAt);
  }
  assert.deepEqual(texts(await read(bob)), [], "an edit is no message");
  const error = await refusal("forbidden", () => bob.api.topic.edit({ id, text: "it is red" }));
  assert.match(error.message, /author/);
  await refusal("forbidden", () => bob.api.topic.retract({ id }));
  await alice.api.topic.retract({ id });
  const post = await newest(bob);
  assert.equal(post.text, "");
  assert.ok(post.retractedAt);
});

test("what was taken back before it was read is offered and found no more, and an edited post reads as edited", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const secret = await alice.api.topic.post({ name: "general", text: "password hunter2" });
  const typo = await alice.api.topic.post({ name: "general", text: "teh end" });
  await bob.drain();
  await alice.api.topic.edit({ id: secret.id, text: "password hunter3" });
  await alice.api.topic.retract({ id: secret.id });
  await alice.api.topic.edit({ id: typo.id, text: "the end" });
  await bob.drain();
  await alice.drain();
  assert.deepEqual(texts(await read(bob)), ["the end"]);
  for (const device of [alice, bob]) {
    for (const text of ["hunter2", "hunter3", "teh"]) {
      assert.deepEqual((await device.api.search.messages({ text })).items, [], text);
    }
  }
  assert.deepEqual(await historyOf(bob, "general"), ["the end", ""]);
});

test("reactions and pins add up, and are taken back", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { id } = await alice.api.topic.post({ name: "general", text: "done" });
  await bob.drain();
  await alice.api.topic.react({ id, emoji: "👍" });
  await bob.api.topic.react({ id, emoji: "👍" });
  await bob.api.topic.react({ id, emoji: "🎉" });
  await bob.api.topic.pin({ id });
  await alice.drain();
  const post = await newest(alice);
  assert.deepEqual(post.reactions, [
    { emoji: "👍", by: ["alice", "bob"] },
    { emoji: "🎉", by: ["bob"] },
  ]);
  assert.equal(post.pinned, true);
  await bob.api.topic.react({ id, emoji: "🎉", off: true });
  await bob.api.topic.pin({ id, off: true });
  await alice.drain();
  const later = await newest(alice);
  assert.deepEqual(
    later.reactions.map(({ emoji }) => emoji),
    ["👍"],
  );
  assert.equal(later.pinned, false);
});

test("whoever is named in a post is told so, once, until it is read", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  const text = "@bob and @Alice: look, mail bob@example.org, @bobby is nobody";
  const { id } = await carol.api.topic.post({ name: "general", text });
  const { items, unread } = await bob.api.notification.list({});
  assert.deepEqual(
    items.map((one) => [one.id, one.topic, one.from.name, one.text, one.read]),
    [[id, "general", "carol", text, false]],
  );
  assert.equal(unread, 1);
  assert.equal((await alice.api.notification.list({ unread: true })).items.length, 1);
  assert.deepEqual((await carol.api.notification.list({})).items, [], "nor who wrote it");
  assert.equal((await bob.api.notification.read({ id })).read, 1);
  assert.equal((await bob.api.notification.read({})).read, 0);
  assert.deepEqual((await bob.api.notification.list({ unread: true })).items, []);
  assert.equal((await bob.api.notification.list({})).items[0]?.read, true);
});

test("tail shows the last posts, then waits for the next", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  for (const text of ["one", "two", "three"]) {
    await alice.api.topic.post({ name: "general", text });
  }
  const first = await bob.api.topic.tail({ name: "general", limit: 2 });
  assert.deepEqual(
    first.items.map(({ text }) => text),
    ["two", "three"],
  );
  const next = bob.api.topic.tail({ name: "general", after: first.seq, wait: "60s" });
  await alice.api.topic.post({ name: "general", text: "four" });
  const came = await next;
  assert.deepEqual(
    came.items.map(({ text }) => text),
    ["four"],
  );
  const none = await bob.api.topic.tail({ name: "general", after: came.seq });
  assert.deepEqual([none.items, none.seq], [[], came.seq]);
});

test("who writes in a topic is shown to those who look at it, for a while, and to nobody else", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  // Time stands still for who looks: a slow machine takes none of the while.
  const start = Date.now();
  let ahead = 0;
  await bob.close();
  const later = await ground.device("bob", { now: () => start + ahead });
  await alice.api.topic.create({ name: "plans" });
  await later.api.topic.join({ name: "plans" });
  const open = new Promise<void>((resolve) => {
    later.listen((event) => {
      if (event.type === "link" && event.standing.link === "open") resolve();
    });
  });
  const online = later.keepOnline();
  await open;
  const { seq } = await later.api.topic.tail({ name: "plans" });
  await alice.api.topic.typing({ name: "plans" });
  await alice.api.topic.post({ name: "plans", text: "here it is" });
  const { items, typing } = await later.api.topic.tail({ name: "plans", after: seq, wait: "60s" });
  assert.deepEqual(
    items.map(({ text }) => text),
    ["here it is"],
  );
  assert.deepEqual(typing, ["alice"]);
  ahead = 7_000;
  assert.deepEqual((await later.api.topic.tail({ name: "plans", after: seq })).typing, []);
  await online.stop();
  await refusal("forbidden", () => carol.api.topic.typing({ name: "plans" }));
});

test("without the broker history shows what lies here, and posts wait", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  await alice.api.topic.post({ name: "general", text: "one" });
  assert.deepEqual(await historyOf(alice, "general"), ["one"]);
  await ground.stopBroker();
  const { state } = await alice.api.topic.post({ name: "general", text: "two" });
  assert.equal(state, "queued");
  const { items, notes } = await alice.api.topic.history({ name: "general" });
  assert.deepEqual(
    items.map(({ text, seq }) => [text, seq === undefined]),
    [
      ["two", true],
      ["one", false],
    ],
  );
  assert.match(notes[0] ?? "", /cannot be reached/);
});
