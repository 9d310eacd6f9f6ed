import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";
import { Agent } from "./agents.ts";

async function two(ground: Ground): Promise<[LocalDevice, LocalDevice]> {
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  return [alice, bob];
}

test("the same text to the same recipient goes once in 30 s, in answer to another message again", async () => {
  await using ground = await Ground.start();
  const [, bob] = await two(ground);
  // A window that no slow machine outlasts.
  const alice = await ground.device("alice", { guards: { repeatMs: 3_600_000 } });
  const first = await alice.api.message.send({ to: "bob", text: "done" });
  const again = await refusal("repeated", () =>
    alice.api.message.send({ to: "bob", text: "done" }),
  );
  assert.match(again.message, new RegExp(`as ${first.id.slice(-8)}; nothing was sent again`));
  const asked = await bob.api.message.send({ to: "alice", text: "and the other?" });
  await alice.api.message.send({ to: "bob", text: "done", replyTo: asked.id });
  await alice.api.message.send({ to: "bob", text: "done." });
  assert.deepEqual(texts(await read(bob)), ["done", "done", "done."]);
});

test("a repeat by a device that does not look is dropped by the recipient's, and its sender is told", async () => {
  await using ground = await Ground.start();
  await two(ground);
  using alice = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  const at = Date.now();
  const say = (n: number, createdAt: number, text: string) =>
    bob.take("message", alice.seal(bob, { n, createdAt }, { text }));
  await say(1, at, "hello");
  await say(2, at + 29_999, "hello");
  await say(3, at + 29_999, "hello you");
  await say(4, at + 30_000, "hello");
  await say(5, at - 29_999, "hello you");
  assert.deepEqual(bob.texts(), ["hello", "", "hello you", "hello", "hello you"]);
  assert.deepEqual(bob.due(), ["stored", "refused", "stored", "stored", "stored"]);
  assert.ok(bob.steps().includes("refused here: the same text had come a moment before"));
});

test("agents may not write in bursts: their device waits, the recipient's drops what comes all the same", async () => {
  await using ground = await Ground.start();
  await two(ground);
  const device = await ground.device("alice", { guards: { burst: 3, burstMs: 3_600_000 } });
  const agent = new Agent("alice", device);
  for (let n = 0; n < 4; n++) await agent.send({ to: "bob", text: `part ${n}` });
  assert.equal(agent.sent.length, 3);
  const [refused] = agent.refused;
  assert.equal(refused?.code, "rate_limited");
  assert.ok((refused?.retryAfterMs ?? 0) > 0 && (refused?.retryAfterMs ?? 0) <= 3_600_000);
  assert.ok(await device.api.message.send({ to: "bob", text: "a person is not held back" }));

  using alice = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  const createdAt = Date.now();
  for (let n = 1; n <= 122; n++)
    await bob.take("message", alice.seal(bob, { n, createdAt, hop: 1 }, { text: `burst ${n}` }));
  const due = bob.due();
  assert.deepEqual(
    [
      due.filter((state) => state === "stored").length,
      due.filter((state) => state === "refused").length,
    ],
    [120, 2],
  );
});

test("a sender is held, released, refused and accepted again, and knows it each time", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await two(ground);
  assert.equal((await bob.api.guard.set({ peer: "alice", rule: "hold" })).rule, "hold");
  const one = await alice.api.message.send({ to: "bob", text: "one" });
  const two_ = await alice.api.message.send({ to: "bob", text: "two" });
  const waiting = await bob.api.message.inbox({});
  assert.deepEqual([texts(waiting), waiting.more], [[], 0]);
  const { held, senders } = await bob.api.guard.status({});
  assert.deepEqual(
    held.map(({ id, reason, from }) => [id, reason, from.name]),
    [
      [one.id, "awaiting_approval", "alice"],
      [two_.id, "awaiting_approval", "alice"],
    ],
  );
  assert.deepEqual(
    senders.map(({ name, rule }) => [name, rule]),
    [["alice", "hold"]],
  );
  assert.equal((await alice.api.message.status({ id: one.id })).state, "held");
  const told = await alice.api.message.inbox({});
  assert.deepEqual(
    told.notices.map(({ code }) => code),
    ["awaiting_approval", "awaiting_approval"],
  );

  const agent = bob.reader({ agentSession: "agent-of-bob" });
  await refusal("forbidden", () => agent.call("guard.set", { peer: "alice", rule: "accept" }));
  await refusal("forbidden", () => agent.call("message.show", { id: one.id }));
  assert.equal((await bob.api.message.show({ id: one.id })).text, "one");

  assert.deepEqual((await bob.api.guard.release({ id: two_.id.slice(-8) })).released, [two_.id]);
  assert.deepEqual(texts(await read(bob)), ["two"]);
  assert.equal((await alice.api.message.status({ id: two_.id })).state, "offered");

  await bob.api.guard.set({ peer: "alice", rule: "refuse" });
  const three = await alice.api.message.send({ to: "bob", text: "three" });
  assert.deepEqual(texts(await read(bob)), []);
  const refused = await alice.api.message.status({ id: three.id });
  assert.deepEqual([refused.state, refused.reason], ["refused", "sender_refused"]);
  assert.match((await bob.api.message.why({ id: three.id })).summary, /^turned away here/);

  assert.deepEqual((await bob.api.guard.set({ peer: "alice", rule: "accept" })).released, [one.id]);
  await alice.api.message.send({ to: "bob", text: "four" });
  assert.deepEqual(texts(await read(bob)), ["one", "four"]);
  assert.deepEqual((await bob.api.guard.status({})).senders, []);
});

test("what will never arrive is listed with its reason, and the sender is told without asking", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await two(ground);
  assert.deepEqual(await alice.api.message.dead_letters({}), { items: [], more: 0 });
  await bob.api.guard.set({ peer: "alice", rule: "refuse" });
  const sent = await alice.api.message.send({ to: "bob", text: "are you there?" });
  await read(bob);
  assert.deepEqual(
    (await read(alice)).notices.map(({ code }) => code),
    ["sender_refused"],
  );
  await alice.api.message.send({ to: "bob", text: "and now?" });
  await read(bob);
  await read(alice);
  const { items, more } = await alice.api.message.dead_letters({ limit: 1 });
  assert.deepEqual(
    [items.map(({ text, state, reason }) => [text, state, reason]), more],
    [[["and now?", "refused", "messages of this sender are turned away"]], 1],
  );
  const all = (await alice.api.message.dead_letters({})).items;
  assert.deepEqual([all.length, all[1]?.id, all[1]?.to.name], [2, sent.id, "bob"]);
});

test("intent, thread and hop arrive, and are signed", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await two(ground);
  const asked = await alice.api.message.send({ to: "bob", text: "ready?", intent: "request" });
  const agent = new Agent("bob", bob);
  const [got] = (await agent.read()).items;
  assert.deepEqual([got?.intent, got?.thread, got?.hop], ["request", undefined, undefined]);
  assert.match(got?.from.key ?? "", /^[0-9a-f]{16}$/);
  await agent.send({ to: "alice", text: "ready", intent: "ack", replyTo: asked.id });
  const [answer] = (await read(alice)).items;
  assert.deepEqual([answer?.intent, answer?.thread, answer?.hop], ["ack", asked.id, 1]);
});
