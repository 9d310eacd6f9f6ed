import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { historyOf, topicNamed } from "./support.ts";

test("a topic is created, found, joined, and its posts reach those who joined, in order", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  const { topic } = await alice.api.topic.create({ name: "deploys", description: "what went out" });
  assert.deepEqual([topic.name, topic.role, topic.members], ["deploys", "lead", 1]);

  const listed = await bob.api.topic.list({});
  assert.deepEqual(
    listed.items.map(({ name, role, visibility }) => [name, role, visibility]),
    [
      ["general", "member", "public"],
      ["deploys", undefined, "public"],
    ],
  );
  const joined = await bob.api.topic.join({ name: "#deploys" });
  assert.deepEqual([joined.topic.role, joined.topic.members], ["member", 2]);

  const sent = await alice.api.topic.post({ name: "deploys", text: "v1 is out" });
  assert.deepEqual([sent.state, sent.to.kind, sent.to.name], ["accepted", "topic", "#deploys"]);
  await alice.api.message.send({ to: "#deploys", text: "v2 is out" });
  assert.deepEqual(texts(await read(bob, "60s")), ["v1 is out", "v2 is out"]);
  assert.deepEqual(texts(await read(carol)), [], "only those who joined get it");
  assert.deepEqual(texts(await read(alice)), [], "nor does who wrote it");

  assert.deepEqual(await historyOf(bob, "deploys"), ["v2 is out", "v1 is out"]);
  assert.deepEqual(await historyOf(alice, "deploys"), ["v2 is out", "v1 is out"]);
  assert.deepEqual(
    await historyOf(carol, "deploys"),
    ["v2 is out", "v1 is out"],
    "a public topic is read without joining it",
  );
  assert.deepEqual(texts(await read(carol)), [], "what history brings is offered to nobody");
  const error = await refusal("forbidden", () =>
    carol.api.topic.post({ name: "deploys", text: "hi" }),
  );
  assert.match(error.hint ?? "", /topic join deploys/);
});

test("everyone is in #general from the start, and a late joiner reads its past page by page", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  for (let n = 1; n <= 7; n++) {
    const by = n % 2 === 0 ? bob : alice;
    await by.api.topic.post({ name: "general", text: `post ${n}` });
  }
  const { link } = await alice.api.invite.create({});
  const carol = await ground.device("carol");
  await carol.api.invite.claim({ invite: link });
  assert.deepEqual(texts(await read(carol)), []);

  const first = await carol.api.topic.history({ name: "general", limit: 3 });
  assert.deepEqual(
    first.items.map(({ text }) => text),
    ["post 7", "post 6", "post 5"],
  );
  assert.deepEqual(first.notes, []);
  const second = await carol.api.topic.history({ name: "general", limit: 3, before: first.before });
  assert.deepEqual(
    second.items.map(({ text }) => text),
    ["post 4", "post 3", "post 2"],
  );
  assert.deepEqual(
    second.items.map(({ from }) => from.name),
    ["bob", "alice", "bob"],
  );
  const last = await carol.api.topic.history({ name: "general", limit: 3, before: second.before });
  assert.deepEqual(
    last.items.map(({ text }) => text),
    ["post 1"],
  );
  assert.equal(last.before, undefined);

  await alice.api.topic.post({ name: "general", text: "post 8" });
  assert.deepEqual(texts(await read(carol, "60s")), ["post 8"]);
  assert.deepEqual((await historyOf(carol, "general")).slice(0, 2), ["post 8", "post 7"]);
  await refusal("forbidden", () => carol.api.topic.leave({ name: "general" }));
});

test("unread counts leave out own posts, and reading a topic takes them off", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.topic.create({ name: "plans" });
  await bob.api.topic.join({ name: "plans" });
  for (const text of ["one", "two"]) await alice.api.topic.post({ name: "plans", text });
  await bob.api.topic.post({ name: "plans", text: "three" });
  await bob.drain();
  await alice.drain();
  assert.equal((await topicNamed(bob, "plans"))?.unread, 2);
  assert.equal((await topicNamed(alice, "plans"))?.unread, 1);
  assert.deepEqual((await bob.api.topic.read({ name: "plans" })).read, 2);
  assert.equal((await topicNamed(bob, "plans"))?.unread, 0);
  assert.deepEqual(texts(await read(bob)), [], "what was read in the topic is not offered again");
  const items = (await alice.api.mesh.list({})).items;
  assert.equal(items[0]?.unread, 1);
});

test("one who left a topic gets no more of it, and can come back", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.topic.create({ name: "plans" });
  await bob.api.topic.join({ name: "plans" });
  await alice.api.topic.post({ name: "plans", text: "one" });
  assert.deepEqual(texts(await read(bob, "60s")), ["one"]);
  await bob.api.topic.leave({ name: "plans" });
  await alice.api.topic.post({ name: "plans", text: "two" });
  assert.deepEqual(texts(await read(bob)), []);
  await bob.api.topic.join({ name: "plans" });
  await alice.api.topic.post({ name: "plans", text: "three" });
  assert.deepEqual(texts(await read(bob, "60s")), ["three"]);
  assert.deepEqual(await historyOf(bob, "plans"), ["three", "two", "one"]);
});

test("an observer reads and may not post; its lead makes it a member, and takes it out", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.topic.create({ name: "news" });
  await alice.api.topic.invite({ name: "news", member: "bob", role: "observer" });
  await alice.api.topic.post({ name: "news", text: "hear, hear" });
  assert.deepEqual(texts(await read(bob, "60s")), ["hear, hear"]);
  const refused = await refusal("forbidden", () =>
    bob.api.topic.post({ name: "news", text: "me too" }),
  );
  assert.match(refused.message, /observer/);
  await alice.api.topic.invite({ name: "news", member: "bob", role: "member" });
  assert.equal((await bob.api.topic.post({ name: "news", text: "now" })).state, "accepted");
  const { items } = await bob.api.topic.members({ name: "news" });
  assert.deepEqual(items.map(({ name, role, self }) => [name, role, self]).sort(), [
    ["alice", "lead", false],
    ["bob", "member", true],
  ]);
  await refusal("forbidden", () => bob.api.topic.leave({ name: "news", member: "alice" }));
  await alice.api.topic.leave({ name: "news", member: "bob" });
  assert.equal((await topicNamed(bob, "news"))?.role, undefined);
});

test("names are free to one topic at a time; a deleted one gives its name back", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { id } = await alice.api.topic.create({ name: "plans" });
  await refusal("exists", () => bob.api.topic.create({ name: "plans" }));
  await refusal("malformed", () => bob.api.topic.create({ name: "Plans!" }));
  await refusal("exists", () => bob.api.topic.create({ name: "general" }));
  const unknown = await refusal("not_found", () => bob.api.topic.join({ name: "plan" }));
  assert.match(unknown.hint ?? "", /#plans/);
  await refusal("forbidden", () => bob.api.topic.delete({ name: "plans" }));
  await refusal("forbidden", () => bob.api.topic.update({ name: "plans", description: "mine" }));
  await alice.api.topic.update({ name: "plans", description: "ours" });
  assert.equal((await topicNamed(bob, "plans"))?.description, "ours");
  await alice.api.topic.delete({ name: "plans" });
  await refusal("not_found", () => alice.api.topic.history({ name: "plans" }));
  const again = await bob.api.topic.create({ name: "plans" });
  assert.notEqual(again.id, id);
  assert.equal((await topicNamed(alice, "plans"))?.id, again.id);
});

test("where a topic gives no history, who comes later reads what is posted from then on", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.topic.create({ name: "plans", history: "none" });
  await alice.api.topic.post({ name: "plans", text: "before" });
  assert.deepEqual(await historyOf(bob, "plans"), []);
  await bob.api.topic.join({ name: "plans" });
  await alice.api.topic.post({ name: "plans", text: "after" });
  assert.deepEqual(await historyOf(bob, "plans"), ["after"]);
  assert.deepEqual(await historyOf(alice, "plans"), ["after", "before"]);
});
