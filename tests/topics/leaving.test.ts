import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { keepOpen } from "../keys/room.ts";
import { topicNamed } from "./support.ts";

test("the last who has a private topic's key is asked before it is lost, whoever takes it out and how", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  for (const name of ["board", "deals"]) {
    await alice.api.topic.create({ name, visibility: "private" });
  }
  await alice.api.topic.invite({ name: "board", member: "bob" });
  const left = await alice.api.topic.leave({ name: "board" });
  assert.deepEqual([left.self, left.topic, left.name], [true, "board", "alice"]);
  await bob.drain();
  const board = await refusal("malformed", () => bob.api.topic.leave({ name: "board" }));
  assert.match(board.message, /nobody else has the key of #board/);
  assert.match(board.hint ?? "", /topic invite board/);
  assert.deepEqual(board.detail?.confirm, { field: "evenAsLast", word: "board" });
  const slug = (await bob.api.mesh.list({})).items[0]?.slug ?? "";
  await refusal("malformed", () => bob.api.mesh.leave({ mesh: slug }));
  assert.equal((await topicNamed(bob, "board"))?.members, 1);
  await bob.api.topic.leave({ name: "board", evenAsLast: true });
  assert.equal(await topicNamed(bob, "board"), undefined);
  await bob.api.mesh.leave({ mesh: slug });
  // Of a public topic nothing is lost.
  await alice.api.topic.create({ name: "open" });
  await alice.api.topic.leave({ name: "open" });
});

test("who is let back after a ban is in the public topics that it was in, in the role that it had, and in no others", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  for (const name of ["deploys", "looked-at", "ended", "never"]) {
    await alice.api.topic.create({ name });
  }
  await bob.api.topic.join({ name: "deploys" });
  await bob.api.topic.join({ name: "ended" });
  await alice.api.topic.invite({ name: "looked-at", member: "bob", role: "observer" });
  await bob.drain();
  await alice.api.member.ban({ member: "bob" });
  await alice.api.topic.post({ name: "deploys", text: "while bob is out" });
  await alice.api.topic.delete({ name: "ended" });
  assert.equal((await topicNamed(alice, "deploys"))?.members, 1);
  await alice.api.member.unban({ member: "bob" });
  assert.equal((await topicNamed(alice, "deploys"))?.members, 2);
  await alice.api.topic.post({ name: "deploys", text: "welcome back" });
  // The key of after the ban comes from whoever is there.
  await keepOpen(alice);
  assert.deepEqual(texts(await read(bob, "60s")), ["welcome back"]);
  const { items } = await bob.api.topic.list({});
  assert.deepEqual(items.map(({ name, role }) => [name, role]).sort(), [
    ["deploys", "member"],
    ["general", "member"],
    ["looked-at", "observer"],
    ["never", undefined],
  ]);
  // A second time as the first.
  await alice.api.member.ban({ member: "bob" });
  await alice.api.member.unban({ member: "bob" });
  assert.equal((await topicNamed(bob, "deploys"))?.role, "member");
});

test("what was said to everyone while a member was out is no message of its after it is let back", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob", "cyd");
  assert.ok(alice && bob);
  await alice.api.message.send({ to: "*", text: "before" });
  await alice.api.member.ban({ member: "bob" });
  await alice.api.message.send({ to: "*", text: "while bob is out" });
  await alice.api.topic.post({ name: "general", text: "in general, too" });
  await alice.api.member.unban({ member: "bob" });
  await alice.api.message.send({ to: "*", text: "welcome back" });
  await alice.api.topic.post({ name: "general", text: "here as well" });
  await keepOpen(alice);
  const seen: string[] = [];
  while (!seen.includes("here as well")) seen.push(...texts(await read(bob, "60s")));
  assert.deepEqual(seen, ["before", "welcome back", "here as well"]);
  const { notices } = await bob.api.message.inbox({});
  assert.deepEqual(
    notices.filter(({ code }) => code === "missing"),
    [],
  );
  const { items } = await bob.api.topic.history({ name: "general" });
  assert.ok(items.some(({ text }) => text === "in general, too"));
});
