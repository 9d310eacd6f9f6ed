import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { frameMessages } from "@claudemesh/device/framing";
import type { MessageId } from "@claudemesh/protocol";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { Agent } from "../guards/agents.ts";

interface Poster {
  readonly id: string;
  post(body: Record<string, unknown>, path?: string): Promise<{ status: number; body: Posted }>;
  readonly headers: Record<string, string>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look at what the broker answers
type Posted = any;

async function poster(ground: Ground, device: LocalDevice, topic?: string): Promise<Poster> {
  const made = await device.api.apikey.create({ name: "ci", ...(topic && { topic }) });
  const headers = {
    authorization: `Bearer ${made.secret}`,
    "content-type": "application/json",
  };
  return {
    id: made.id,
    headers,
    async post(body, path = "/v1/messages") {
      const answer = await fetch(ground.url + path, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json() };
    },
  };
}

test("members see a key's posts in their place among the sealed ones, under the key's name and as unverified", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.topic.create({ name: "deploys" });
  await bob.api.topic.join({ name: "deploys" });
  const ci = await poster(ground, alice, "deploys");

  await alice.api.topic.post({ name: "deploys", text: "one" });
  const posted = await ci.post({ to: "#deploys", text: "two", mentions: ["bob"] });
  assert.equal(posted.status, 200, JSON.stringify(posted.body));
  await bob.api.topic.post({ name: "deploys", text: "three" });

  const { items } = await read(bob, "60s");
  assert.deepEqual(
    items.map(({ text }) => text),
    ["one", "two"],
  );
  const plain = items.find(({ text }) => text === "two");
  assert.deepEqual([plain?.plain, plain?.from.verified, plain?.from.name], [true, false, "ci"]);
  assert.deepEqual([plain?.from.apiKey, plain?.topic], [ci.id, "deploys"]);
  const framed = frameMessages(items, { maxChars: 9_000, nonce: "0a1b2c3d4e5f" }).text;
  assert.match(framed, /via="the broker, unverified: API key key_/);
  assert.match(framed, /\[VIA BROKER UNVERIFIED\] ci \(#deploys, team\): two/);

  for (const device of [alice, bob]) {
    const { items: past } = await device.api.topic.history({ name: "deploys" });
    assert.deepEqual(
      past.map(({ text, plain: isPlain }) => [text, isPlain]),
      [
        ["three", undefined],
        ["two", true],
        ["one", undefined],
      ],
    );
  }
  const named = await bob.api.notification.list({});
  assert.deepEqual(
    named.items.map(({ from, text }) => [from.name, text]),
    [["ci (via the broker, unverified)", "two"]],
  );
  const shown = await bob.api.message.show({ id: posted.body.id });
  assert.deepEqual(shown.with, { name: "ci (via the broker, unverified)" });
  await bob.drain();

  const { link } = await alice.api.invite.create({});
  const carol = await ground.device("carol");
  await carol.api.invite.claim({ invite: link });
  const { items: late } = await carol.api.topic.history({ name: "deploys" });
  assert.deepEqual(
    late.map(({ text, plain: isPlain }) => [text, isPlain]),
    [
      ["three", undefined],
      ["two", true],
      ["one", undefined],
    ],
    "who joins later reads them in the same order",
  );
});

test("blocks, sender rules and the loop guard hold of a key what they hold of its owner", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const ci = await poster(ground, alice);
  await ci.post({ to: "bob", text: "let through" });
  assert.deepEqual(texts(await read(bob, "60s")), ["let through"]);

  await bob.api.guard.set({ peer: "alice", rule: "hold" });
  await ci.post({ to: "#general", text: "held" });
  await bob.drain();
  assert.deepEqual(texts(await read(bob)), []);
  await bob.api.guard.set({ peer: "alice", rule: "accept" });

  await bob.api.grant.block({ peer: "alice" });
  for (const to of ["bob", "#general", "*"]) {
    assert.equal((await ci.post({ to, text: `blocked ${to}` })).status, 200, "and is not told so");
  }
  await bob.drain();
  assert.deepEqual(texts(await read(bob)), []);
  const { items } = await bob.api.topic.history({ name: "general" });
  assert.ok(!items.some(({ text }) => text.startsWith("blocked")), JSON.stringify(items));
});

test("a key that answers an agent which answers it counts as an agent, and the loop guard holds what goes on too long", async () => {
  await using ground = await Ground.start();
  const hops = 4;
  const alice = await ground.device("alice", { guards: { hops } });
  await alice.api.mesh.create({ name: "Team" });
  const { link } = await alice.api.invite.create({});
  const device = await ground.device("bob", { guards: { hops } });
  await device.api.invite.claim({ invite: link });
  const bob = new Agent("bob", device);
  const ci = await poster(ground, alice);
  const say = async (text: string, replyTo?: MessageId): Promise<MessageId> => {
    const { body, status } = await ci.post({ to: "bob", text, ...(replyTo && { replyTo }) });
    assert.equal(status, 200, JSON.stringify(body));
    return body.id;
  };
  let last = await say("turn 1");
  for (let turn = 2; turn <= hops; turn += 2) {
    const { items } = await bob.read("60s");
    assert.deepEqual(
      items.map(({ id, hop }) => [id, hop ?? 1]),
      [[last, turn - 1]],
    );
    const answer = await bob.send({ to: "alice", text: `turn ${turn}`, replyTo: last });
    assert.ok(answer, JSON.stringify(bob.refused));
    last = await say(`turn ${turn + 1}`, answer);
  }
  await device.drain();
  assert.deepEqual((await bob.read()).items, []);
  const { held } = await device.api.guard.status({});
  assert.deepEqual(
    held.map(({ id, reason }) => [id, reason]),
    [[last, "loop_limit"]],
  );
});

test("the same idempotency key posts once, also at once, after a restart, and not with another text", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const ci = await poster(ground, alice);
  const body = { to: "#general", text: "once", idempotencyKey: "build-7" };
  const both = await Promise.all([ci.post(body), ci.post(body)]);
  await ground.stopBroker();
  await ground.startBroker();
  const again = await ci.post(body);
  for (const one of [...both, again]) assert.deepEqual(one.body, both[0]?.body);
  const other = await ci.post({ ...body, text: "twice" });
  assert.deepEqual([other.status, other.body.error.code], [409, "conflict"]);
  const { items } = await alice.api.topic.history({ name: "general" });
  assert.deepEqual(
    items.map(({ text }) => text),
    ["once"],
  );
});

test("a bot is a member with keys of its own, and what it writes is verified", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const made = await alice.api.apikey.create({ name: "release bot", bot: true });
  assert.equal(made.secret, undefined);
  assert.ok(made.home?.startsWith(ground.home("alice")));
  const bot = await ground.device("bot", { home: made.home ?? "" });
  await bot.api.topic.post({ name: "general", text: "sealed" });
  const { items } = await read(alice, "60s");
  assert.deepEqual(
    items.map(({ from, text, plain }) => [from.name, from.verified, text, plain]),
    [["release bot", true, "sealed", undefined]],
  );
  await refusal("exists", () => alice.api.apikey.create({ name: "release bot", bot: true }));
});
