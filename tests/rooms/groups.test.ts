import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";

test("five members: a group is reached at any depth, everyone by *, and nobody else", async () => {
  await using ground = await Ground.start();
  const [alice, bob, cyd, dan, eve] = await ground.mesh("alice", "bob", "cyd", "dan", "eve");
  assert.ok(alice && bob && cyd && dan && eve);
  await bob.api.group.join({ group: "@flex/core" });
  await cyd.api.group.join({ group: "Flex", role: "lead" });
  await dan.api.group.join({ group: "@other" });

  const sent = await alice.api.message.send({ to: "@flex", text: "to flex" });
  assert.equal(sent.state, "accepted");
  assert.deepEqual(sent.to, { kind: "group", name: "@flex", members: 2 });
  await alice.api.message.send({ to: "@flex/core", text: "to the core" });
  const all = await alice.api.message.send({ to: "*", text: "to all" });
  assert.deepEqual(all.to, { kind: "broadcast", name: "*", members: 4 });

  assert.deepEqual(texts(await read(bob)), ["to flex", "to the core", "to all"]);
  const shown = await read(cyd);
  assert.deepEqual(texts(shown), ["to flex", "to all"]);
  assert.deepEqual(
    shown.items.map(({ kind, group }) => [kind, group]),
    [
      ["group", "flex"],
      ["broadcast", undefined],
    ],
  );
  for (const other of [dan, eve]) assert.deepEqual(texts(await read(other)), ["to all"]);
  assert.deepEqual(texts(await read(alice)), [], "nobody gets what it wrote itself");

  const why = await alice.api.message.why({ id: sent.id });
  assert.match(why.summary, /^the message to @flex was stored by 2 of 2, handed over to 2$/);
  assert.deepEqual(why.readers?.map(({ name, state }) => [name, state]).sort(), [
    ["bob", "offered"],
    ["cyd", "offered"],
  ]);
  assert.equal(why.state, "offered");
  assert.ok(why.story.some(({ what }) => what === "devices of 2 of 2 members have it"));
});

test("who comes to a group or the mesh later sees nothing from before; who leaves sees what was sent before that", async () => {
  await using ground = await Ground.start();
  const [alice, bob, cyd] = await ground.mesh("alice", "bob", "cyd");
  assert.ok(alice && bob && cyd);
  await bob.api.group.join({ group: "flex" });
  await alice.api.message.send({ to: "@flex", text: "one" });
  await alice.api.message.send({ to: "*", text: "all one" });
  await cyd.api.group.join({ group: "flex/late" });
  const { link } = await alice.api.invite.create({});
  const dan = await ground.device("dan");
  await dan.api.invite.claim({ invite: link });
  await alice.api.message.send({ to: "@flex", text: "two" });
  // Bob's device has not fetched anything yet.
  await bob.api.group.leave({ group: "@flex" });
  await alice.api.message.send({ to: "@flex", text: "three" });
  assert.deepEqual(texts(await read(bob)), ["one", "all one", "two"]);
  assert.deepEqual(texts(await read(cyd)), ["all one", "two", "three"]);
  assert.deepEqual(texts(await read(dan)), []);

  // Coming back, what was missed is not missing.
  await bob.api.group.join({ group: "flex" });
  await alice.api.message.send({ to: "@flex", text: "four" });
  const back = await read(bob);
  assert.deepEqual(texts(back), ["four"]);
  assert.deepEqual(back.notices, []);
});

test("feeds that are open follow a profile at once, and members who are away get everything later", async () => {
  await using ground = await Ground.start();
  const [alice, bob, cyd] = await ground.mesh("alice", "bob", "cyd");
  assert.ok(alice && bob && cyd);
  await bob.api.group.join({ group: "night" });
  await cyd.close();
  const waiting = bob.api.message.inbox({ wait: "60s" });
  await bob.api.group.join({ group: "flex" });
  await alice.api.message.send({ to: "@flex", text: "live" });
  assert.deepEqual(texts(await waiting), ["live"]);
  await bob.confirmHandOver();
  await bob.api.group.leave({ group: "flex" });
  await refusal("no_recipient", () => alice.api.message.send({ to: "@flex", text: "nobody" }));
  for (const n of [1, 2, 3]) await alice.api.message.send({ to: "*", text: `away ${n}` });
  await ground.stopBroker();
  await ground.startBroker();
  const again = await ground.device("cyd");
  assert.deepEqual(texts(await read(again)), ["away 1", "away 2", "away 3"]);
  assert.deepEqual(texts(await read(bob)), ["away 1", "away 2", "away 3"]);
});

test("groups without anybody are refused with those that there are", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const none = await refusal("no_recipient", () =>
    alice.api.message.send({ to: "@flex", text: "x" }),
  );
  assert.equal(none.message, "to: nobody is in the group @flex; nobody is in a group yet");
  await bob.api.group.join({ group: "flex/core" });
  const near = await refusal("no_recipient", () =>
    alice.api.message.send({ to: "@fleks", text: "x" }),
  );
  assert.equal(near.message, "to: nobody is in the group @fleks; groups: @flex, @flex/core");
  assert.equal(near.hint, "did you mean @flex?");
  await alice.api.group.join({ group: "mine" });
  const own = await refusal("no_recipient", () =>
    alice.api.message.send({ to: "@mine", text: "x" }),
  );
  assert.match(
    own.message,
    /nobody else is in the group @mine; groups of others: @flex, @flex\/core/,
  );
  await refusal("malformed", () => alice.api.group.join({ group: "Not A Name" }));
  const left = await refusal("not_found", () => bob.api.group.leave({ group: "flex" }));
  assert.equal(left.hint, "you are in it by @flex/core: leave that");
  const { items } = await alice.api.group.list({});
  assert.deepEqual(
    items.map(({ group, self, members }) => [group, self, members.map(({ name }) => name)]),
    [
      ["flex", false, ["bob"]],
      ["flex/core", false, ["bob"]],
      ["mine", true, ["alice"]],
    ],
  );
});

test("what is sent to a group that is empty by the time it gets there ends with the reason, and is no loss untold", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await bob.api.group.join({ group: "flex" });
  await alice.api.group.list({});
  await ground.stopBroker();
  const { id, state } = await alice.api.message.send({ to: "@flex", text: "who reviews?" });
  assert.equal(state, "queued");
  await ground.startBroker();
  await bob.api.group.leave({ group: "flex" });
  await alice.drain();
  const told = await alice.api.message.why({ id });
  assert.equal(told.state, "undeliverable");
  assert.match(told.reason ?? "", /nobody is in the group @flex any more/);
  assert.match(told.summary, /@flex is empty/);
});

test("the policy says who changes groups", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.mesh.settings({ selfEditable: ["displayName"] });
  const refused = await refusal("forbidden", () => bob.api.group.join({ group: "flex" }));
  assert.match(refused.message, /only admins change: groups/);
  assert.deepEqual((await alice.api.group.join({ group: "flex" })).groups, ["flex"]);
});

test("an answer to a group counts as answered for whom it answers", async () => {
  await using ground = await Ground.start();
  const [alice, bob, cyd] = await ground.mesh("alice", "bob", "cyd");
  assert.ok(alice && bob && cyd);
  for (const one of [alice, bob, cyd]) await one.api.group.join({ group: "flex" });
  const asked = await alice.api.message.send({ to: "@flex", text: "who?", intent: "request" });
  await read(bob);
  await bob.api.message.send({ to: "@flex", text: "me", replyTo: asked.id });
  assert.deepEqual(texts(await read(cyd)), ["who?", "me"]);
  await read(bob);
  const told = await alice.api.message.status({ id: asked.id });
  assert.equal(told.state, "answered");
  const states = told.readers?.map(({ name, state }) => `${name} ${state}`).sort();
  assert.deepEqual(states, ["bob answered", "cyd offered"]);
});
