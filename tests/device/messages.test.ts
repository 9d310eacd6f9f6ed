import assert from "node:assert/strict";
import { test } from "node:test";
import { takeOsLock } from "../../packages/device/src/home/os-lock.ts";
import { homePaths } from "../../packages/device/src/home/paths.ts";
import { Ground, read, refusal, texts } from "./home-fixture.ts";

test("two people send both ways, and each state is true", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const sent = await alice.api.message.send({ to: "BOB", text: "hello" });
  assert.equal(sent.state, "accepted");
  assert.equal(typeof sent.seq, "number");
  assert.equal((await alice.api.message.status({ id: sent.id })).state, "accepted");

  const shown = await bob.api.message.inbox({});
  assert.deepEqual(texts(shown), ["hello"]);
  assert.deepEqual(shown.notices, []);
  assert.equal(shown.items[0]?.from.name, "alice");
  assert.equal(shown.items[0]?.again, false);
  assert.equal((await alice.api.message.status({ id: sent.id })).state, "stored");
  assert.equal(await bob.confirmHandOver(), 1);
  const told = await alice.api.message.status({ id: sent.id });
  assert.equal(told.state, "offered");
  assert.equal(told.way, "cli");
  assert.deepEqual(texts(await read(bob)), []);

  const answer = await bob.api.message.send({
    to: "alice",
    text: "hi",
    replyTo: sent.id.slice(-8),
  });
  const [got] = (await read(alice)).items;
  assert.equal(got?.id, answer.id);
  assert.equal(got?.replyTo, sent.id);

  const why = await alice.api.message.why({ id: sent.id.slice(-8) });
  assert.match(why.summary, /^offered: the message was handed over to bob/);
  assert.deepEqual(
    why.story.map(({ by }) => by).filter((by) => by === "recipient, signed").length,
    2,
  );
  assert.equal((await bob.api.message.why({ id: sent.id })).direction, "received");
});

test("nobody, several and oneself are refused by name", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob", "Bob");
  assert.ok(alice && bob);
  const nobody = await refusal("no_recipient", () =>
    alice.api.message.send({ to: "rob", text: "x" }),
  );
  assert.match(nobody.hint ?? "", /did you mean bob/i);
  const both = await refusal("ambiguous", () => alice.api.message.send({ to: "bob", text: "x" }));
  const { meshes } = await bob.whoami();
  assert.ok(meshes[0] && both.message.includes(meshes[0].key));
  await alice.api.message.send({ to: meshes[0].key.slice(0, 8), text: "by key" });
  assert.deepEqual(texts(await read(bob)), ["by key"]);
  await refusal("malformed", () => alice.api.message.send({ to: "alice", text: "x" }));
  const members = await alice.api.member.list({});
  assert.equal(members.items.filter(({ name }) => /\([0-9a-f]{8}\)$/.test(name)).length, 1);
});

test("without a broker messages queue, reads answer from the cache, and later verbs hand over in order", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.mesh.info({});
  await alice.api.peer.list({});
  await alice.api.member.list({});
  await alice.close();
  await ground.stopBroker();
  const offline = await ground.device("alice");
  for (const text of ["one", "two", "three"]) {
    const sent = await offline.api.message.send({ to: "bob", text });
    assert.equal(sent.state, "queued");
    assert.ok(sent.reason);
  }
  assert.ok((await offline.api.mesh.info({})).ageMs > 0);
  assert.ok((await offline.api.peer.list({})).ageMs > 0);
  assert.equal((await offline.api.member.list({})).items.length, 2);
  const shown = await offline.api.message.inbox({});
  assert.equal(shown.notices[0]?.code, "offline");
  await refusal("offline", () => offline.api.mesh.rename({ name: "Other" }));
  await ground.startBroker();
  const four = await offline.api.message.send({ to: "bob", text: "four" });
  assert.equal(four.state, "accepted");
  assert.deepEqual(texts(await read(bob)), ["one", "two", "three", "four"]);
});

test("inbox --wait ends at the first message, and one without the feed's lease sees it in the store", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const second = await ground.device("bob");
  const waits = [read(bob, "60s"), read(second, "60s")];
  await alice.api.message.send({ to: "bob", text: "first" });
  const first = await Promise.race(waits);
  assert.deepEqual(texts(first), ["first"]);
  await alice.api.message.send({ to: "bob", text: "second" });
  const all = (await Promise.all(waits)).flatMap(texts);
  assert.deepEqual(all, ["first", "second"].sort());
  assert.deepEqual(texts(await read(bob, "10ms")), []);
});

test("ping times every leg, and skips push and open where another process reads the feed", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const first = await alice.api.mesh.ping({});
  assert.equal(first.ok, true, JSON.stringify(first));
  assert.deepEqual(
    first.probes.map(({ priority }) => priority),
    ["now", "next", "low"],
  );
  for (const { legs } of first.probes) assert.equal(legs.length, 5);
  assert.deepEqual(texts(await read(alice)), []);
  const lease = takeOsLock(
    homePaths(ground.home("alice")).feedLock((await alice.whoami()).meshes[0]?.id ?? ""),
    0,
  );
  assert.ok(lease);
  const beside = await alice.api.mesh.ping({});
  assert.equal(beside.ok, true);
  for (const { legs } of beside.probes) {
    assert.deepEqual(
      legs.slice(3).map(({ note }) => note?.split(":")[0]),
      ["skipped", "skipped"],
    );
  }
  lease.release();
  await ground.stopBroker();
  const down = await alice.api.mesh.ping({});
  assert.equal(down.ok, false);
  assert.equal(down.probes[0]?.legs[0]?.ok, false);
});
