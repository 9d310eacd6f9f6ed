import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@claudemesh/protocol";
import { Ground, read, refusal } from "../device/home-fixture.ts";
import { Agent, play, type Script } from "./agents.ts";

const ring = { alice: "bob", bob: "carol", carol: "alice" } as const;

/** Whom an agent writes to next. */
const next = (agent: Agent): string => ring[agent.name as keyof typeof ring];

/** Three people with an agent each, in one mesh. */
async function three(ground: Ground, hops: number = limits.hops): Promise<[Agent, Agent, Agent]> {
  const guards = { hops };
  const alice = await ground.device("alice", { guards });
  await alice.api.mesh.create({ name: "Team" });
  const join = async (name: string) => {
    const { link } = await alice.api.invite.create({});
    const device = await ground.device(name, { guards });
    await device.api.invite.claim({ invite: link });
    return new Agent(name, device);
  };
  return [new Agent("alice", alice), await join("bob"), await join("carol")];
}

/** A lower limit, where the number does not matter. */
const few = 8;

const answering: Script = (agent, { id }, turn) =>
  agent.send({ to: next(agent), text: `turn ${turn}`, replyTo: id });

const agentMessages = (agents: readonly Agent[]) =>
  agents.reduce((sum, { sent }) => sum + sent.length, 0);

/** Codes of the notices that a person's next look at the inbox shows. */
const notices = async ({ device }: Agent) => (await read(device)).notices.map(({ code }) => code);

test("A→B→C→A stops at the limit, everyone is told, and one command lets it go on", async () => {
  await using ground = await Ground.start();
  const agents = await three(ground);
  const [alice, bob, carol] = agents;
  await alice.send({ to: "bob", text: "turn 0" });
  const shown = await play(agents, answering, 200);
  assert.equal(agentMessages(agents), limits.hops);
  assert.equal(shown, limits.hops);
  const [refused] = agents.flatMap((agent) => agent.refused);
  assert.equal(refused?.code, "loop_limit");
  assert.match(refused?.message ?? "", /30 messages in a row/);
  for (const agent of agents) {
    const { stopped } = await agent.device.api.guard.status({});
    assert.deepEqual(
      stopped.map(({ thread }) => thread),
      [alice.sent[0]],
      agent.name,
    );
  }
  for (const agent of [bob, carol])
    assert.equal(
      await agent.send({ to: next(agent), text: "more", replyTo: alice.sent[0] as string }),
      undefined,
    );

  const thread = alice.sent[0] as string;
  await refusal("forbidden", () => carol.call("guard.release", { id: thread }));
  const released = await carol.device.api.guard.release({ id: thread.slice(-8) });
  assert.deepEqual([released.thread, released.restarted], [thread, true]);
  await carol.send({ to: "alice", text: "again 0", replyTo: thread });
  const more = await play(
    agents,
    (agent, { id }, turn) => agent.send({ to: next(agent), text: `again ${turn}`, replyTo: id }),
    200,
  );
  assert.equal(more, limits.hops);
  await refusal("not_found", async () => {
    await alice.device.api.guard.release({ id: thread });
    await alice.device.api.guard.release({ id: thread });
  });
});

test("everyone in the loop finds a notice, once", async () => {
  await using ground = await Ground.start();
  const agents = await three(ground, few);
  await agents[0].send({ to: "bob", text: "turn 0" });
  const seen: Record<string, string[]> = { alice: [], bob: [], carol: [] };
  for (let round = 0; round < 12; round++) {
    for (const agent of agents) {
      const { items, notices: told } = await agent.read();
      seen[agent.name]?.push(...told.map(({ code }) => code));
      for (const [n, { id }] of items.entries())
        await agent.send({ to: next(agent), text: `turn ${round}.${n}`, replyTo: id });
    }
  }
  assert.deepEqual(seen, { alice: ["loop_limit"], bob: ["loop_limit"], carol: ["loop_limit"] });
});

test("agents that answer nothing by name are stopped too", async () => {
  await using ground = await Ground.start();
  const agents = await three(ground, few);
  await agents[0].send({ to: "bob", text: "turn 0" });
  const shown = await play(
    agents,
    (agent, _message, turn) => agent.send({ to: next(agent), text: `turn ${turn}` }),
    200,
  );
  assert.equal(shown, few);
  const [at] = agents.filter(({ refused }) => refused.length > 0);
  assert.ok(at);
  for (const agent of agents) assert.ok((await notices(agent)).length <= 1);
  const thread = at.refused[0]?.detail?.thread as string;
  await at.device.api.guard.release({ id: thread });
  assert.ok(await at.send({ to: next(at), text: "once more" }));
});

test("a person's message lets a thread go on, for everyone in it", async () => {
  await using ground = await Ground.start();
  const agents = await three(ground, few);
  const [alice] = agents;
  const first = await alice.device.api.message.send({ to: "bob", text: "please sort it out" });
  assert.equal(await play(agents, answering, 200), few + 1);
  const again = await alice.device.api.message.send({
    to: "bob",
    text: "go on",
    replyTo: first.id,
  });
  assert.deepEqual((await alice.device.api.guard.status({})).stopped, []);
  const script: Script = (agent, { id }, turn) =>
    agent.send({ to: next(agent), text: `then ${turn}`, replyTo: id });
  assert.equal(await play(agents, script, 200), few + 1);
  assert.ok(again.id);
});

test("a lead that asks many, and is answered by all, is no loop", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await three(ground);
  for (let n = 0; n < 2 * limits.hops; n++) {
    await alice.send({ to: n % 2 === 0 ? "bob" : "carol", text: `part ${n}` });
  }
  for (const agent of [bob, carol]) {
    const { items } = await agent.read();
    assert.equal(items.length, limits.hops);
    for (const { id, text } of items)
      await agent.send({ to: "alice", text: `did ${text}`, replyTo: id });
  }
  assert.deepEqual(
    [alice, bob, carol].flatMap(({ refused }) => refused),
    [],
  );
  assert.equal((await alice.read()).items.length, 2 * limits.hops);
});

test("a device without the guard is held back at the receiver, and its sender is told why", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const { link } = await alice.api.invite.create({});
  const device = await ground.device("dave", { guards: { hops: 100 } });
  await device.api.invite.claim({ invite: link });
  const [dave, one] = [new Agent("dave", device), new Agent("alice", alice)];
  let last = await one.send({ to: "dave", text: "turn 0" });
  for (let turn = 1; turn < limits.hops; turn++) {
    const agent = turn % 2 === 1 ? dave : one;
    await agent.read();
    last = await agent.send({
      to: turn % 2 === 1 ? "alice" : "dave",
      text: `turn ${turn}`,
      replyTo: last as string,
    });
  }
  await one.read();
  const over = await dave.send({ to: "alice", text: "beyond", replyTo: last as string });
  assert.ok(over);
  assert.deepEqual((await one.read()).items, []);
  const { held, stopped } = await alice.api.guard.status({});
  assert.deepEqual(
    held.map(({ id, reason, hop }) => [id, reason, hop]),
    [[over, "loop_limit", limits.hops + 1]],
  );
  assert.equal(stopped.length, 1);
  assert.match((await alice.api.message.why({ id: over })).summary, /^held here.*guard release/);
  const told = await device.api.message.why({ id: over });
  assert.deepEqual([told.state, told.reason], ["held", "loop_limit"]);
  assert.match(told.summary, /until a person there releases it/);
  assert.deepEqual((await alice.api.guard.release({ id: over })).released, [over]);
  assert.deepEqual(
    (await one.read()).items.map(({ text, hop }) => [text, hop]),
    [["beyond", limits.hops + 1]],
  );
  assert.equal((await device.api.message.status({ id: over })).state, "offered");
});
