import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { callAs, startSession } from "../device/agent-sessions.ts";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";

/** Waits until a device sees so many sessions of others. */
async function seesSessions(device: LocalDevice, count: number): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const { items } = await device.api.peer.list({});
    if (items.filter(({ session }) => session !== undefined).length >= count) return;
    assert.ok(Date.now() < end, `${items.length} peers are seen`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("what a session sends to all reaches its siblings, never itself, and no person of its own home", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  alice.keepOnline();
  await startSession(alice, "a1");
  await startSession(alice, "a2");
  await callAs(alice, "a1", "group.join", { group: "flex" });
  const { to } = await callAs(alice, "a1", "message.send", { to: "*", text: "to all" });
  assert.deepEqual(to, { kind: "broadcast", name: "*", members: 1 });
  // Alone in the group, but for her other session.
  await callAs(alice, "a1", "message.send", { to: "@flex", text: "to flex" });
  const sibling = await callAs(alice, "a2", "message.inbox", { wait: "60s", limit: 1 });
  assert.deepEqual(texts(sibling), ["to all"]);
  assert.deepEqual(texts(await callAs(alice, "a2", "message.inbox", { wait: "60s" })), ["to flex"]);
  assert.deepEqual(texts(await callAs(alice, "a1", "message.inbox", {})), []);
  assert.deepEqual(texts(await alice.api.message.inbox({})), []);
  assert.deepEqual(texts(await read(bob)), ["to all"]);
});

test("who hides leaves broadcasts, and still gets what is sent to it and to its groups", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  await bob.api.group.join({ group: "flex" });
  await bob.api.visible.set({ visible: false });
  const hidden = await alice.api.message.send({ to: "*", text: "to all" });
  await alice.api.message.send({ to: "@flex", text: "to flex" });
  await alice.api.message.send({ to: "bob", text: "to bob" });
  assert.deepEqual(texts(await read(bob)), ["to flex", "to bob"]);
  await read(alice);
  const told = await alice.api.message.status({ id: hidden.id });
  assert.deepEqual(told.readers, [], "that a hidden one has it is not told");
  await bob.api.visible.set({ visible: true });
  await alice.api.message.send({ to: "*", text: "again" });
  const shown = await read(bob);
  assert.deepEqual(texts(shown), ["again"]);
  assert.deepEqual(shown.notices, [], "what was passed over is not missing");
});

test("a session that hides gets no broadcast, its sibling does", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  bob.keepOnline();
  await startSession(bob, "b1");
  await startSession(bob, "b2");
  await callAs(bob, "b1", "visible.set", { visible: false });
  await alice.api.message.send({ to: "*", text: "to all" });
  const shown = await callAs(bob, "b2", "message.inbox", { wait: "60s" });
  assert.deepEqual(texts(shown), ["to all"]);
  await alice.api.message.send({ to: "*", text: "and again" });
  await alice.api.message.send({ to: "bob", text: "to bob" });
  const other = await callAs(bob, "b1", "message.inbox", { wait: "60s" });
  assert.deepEqual(texts(other), ["to bob"]);
});

test("a tag reaches every session that bears it, each with a message of its own", async () => {
  await using ground = await Ground.start();
  const [alice, bob, cyd] = (await ground.mesh("alice", "bob", "cyd")) as LocalDevice[];
  assert.ok(alice && bob && cyd);
  for (const one of [alice, bob, cyd]) one.keepOnline();
  await startSession(alice, "a1", { tags: ["repo:engine"] });
  await startSession(bob, "b1", { tags: ["repo:engine"] });
  await startSession(bob, "b2", { tags: ["repo:wheel"] });
  await startSession(cyd, "c1", { tags: ["repo:engine", "gpu"] });
  await seesSessions(alice, 4);
  const sent = await callAs(alice, "a1", "message.send", { to: "tag:repo:engine", text: "pull" });
  assert.deepEqual(sent.to, { kind: "tag", name: "tag:repo:engine", members: 2 });
  assert.equal(sent.ids?.length, 2);
  for (const [device, session] of [
    [bob, "b1"],
    [cyd, "c1"],
  ] as const) {
    const shown = await callAs(device, session, "message.inbox", { wait: "60s" });
    assert.deepEqual(texts(shown), ["pull"]);
  }
  assert.deepEqual(texts(await callAs(bob, "b2", "message.inbox", {})), []);
  assert.deepEqual(texts(await callAs(alice, "a1", "message.inbox", {})), []);
  const none = await refusal("no_recipient", () =>
    alice.api.message.send({ to: "tag:repo:engin", text: "x" }),
  );
  assert.match(none.message, /bears the tag repo:engin; tags: gpu, repo:engine, repo:wheel$/);
  assert.equal(none.hint, "did you mean tag:repo:engine?");
});
