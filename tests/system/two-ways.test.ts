import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { type UpLine, World } from "../cli/world.ts";
import { until } from "../last-metre/support/person.ts";

const bound = { timeout: 300_000 };

async function ok(world: World, person: string, line: string): Promise<string> {
  const ran = await world.run(person, `claudemesh ${line}`);
  assert.equal(ran.exit, 0, `${person}: ${line}\n${ran.stderr}`);
  return ran.stdout;
}

async function json(world: World, person: string, line: string) {
  const answer = JSON.parse(await ok(world, person, `${line} --json`));
  assert.equal(answer.schema_version, 1);
  return answer;
}

async function together(world: World): Promise<UpLine> {
  const up = await world.startBroker("alice");
  assert.ok(up.invite);
  await ok(world, "bob", `join '${up.invite.link}' --name bob -q`);
  return up;
}

/** Settles when a message has got so far, as the other side's daemon says when it comes to it. */
async function untilState(world: World, person: string, id: string, state: string): Promise<void> {
  const said = async () => (await json(world, person, `message status ${id}`)).state;
  await until(`${id} is ${state}`, async () => ((await said()) === state ? true : undefined));
}

/** An `inbox --wait` that has said that it waits. */
async function waitingInbox(world: World, person: string) {
  const child = spawn(
    join(world.folder, "bin", "claudemesh"),
    ["inbox", "--wait", "90s", "--json", "-v"],
    { env: world.environment(person), stdio: ["ignore", "pipe", "pipe"] },
  );
  const parts: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (part: string) => parts.push(part));
  child.stderr.resume();
  const closed = once(child, "close");
  return {
    answer: async () => {
      assert.deepEqual(await closed, [0, null]);
      return JSON.parse(parts.join("")) as { items: { text: string; again: boolean }[] };
    },
  };
}

test(
  "two people write both ways, see each state, and lose nothing over a restart",
  bound,
  async () => {
    await using world = new World();
    const up = await together(world);
    const waiting = await waitingInbox(world, "bob");
    const first = await json(world, "alice", "send bob 'are you there?'");
    const { items } = await waiting.answer();
    assert.deepEqual(
      items.map(({ text, again }) => [text, again]),
      [["are you there?", false]],
    );
    await untilState(world, "alice", first.id, "offered");
    assert.equal((await json(world, "alice", `why ${first.id}`)).state, "offered");
    assert.match(await ok(world, "alice", `why ${first.id}`), /offered: .*handed over to bob/);

    const answer = await json(world, "bob", `send alice yes --reply-to ${first.id}`);
    assert.equal(answer.state, "accepted");
    // A daemon of alice stores it at once.
    assert.match(
      (await json(world, "bob", `message status ${answer.id}`)).state,
      /^(?:accepted|stored)$/,
    );
    assert.equal(await world.stopBroker(), 0);

    const queued = await json(world, "bob", "send alice 'while you are away'");
    assert.equal(queued.state, "queued");
    assert.ok(queued.reason);
    const again = await world.startBroker("alice", "--port", new URL(up.url).port);
    assert.deepEqual(again, { ...up, invite: null });
    assert.equal((await json(world, "bob", "send alice 'and now'")).state, "accepted");
    const got = await json(world, "alice", "inbox --wait 60s");
    const shown = got.items as { text: string; replyTo?: string }[];
    assert.deepEqual(
      shown.map(({ text }) => text),
      ["yes", "while you are away", "and now"],
    );
    assert.equal(shown[0]?.replyTo, first.id);
    assert.deepEqual(got.notices, []);
    await untilState(world, "bob", queued.id, "offered");
    assert.deepEqual((await json(world, "alice", "inbox")).items, []);
  },
);

test("an invite that is still open is open after a restart, and lets one in", bound, async () => {
  await using world = new World();
  const first = await world.startBroker("alice");
  assert.equal(await world.stopBroker(), 0);
  const port = new URL(first.url).port;
  assert.deepEqual(await world.startBroker("alice", "--port", port), first);
  await ok(world, "bob", `join '${first.invite?.link}' --name bob -q`);
  const late = await world.run("carol", `claudemesh join '${first.invite?.link}' --name carol`);
  assert.equal(late.exit, 7, late.stderr);
});

test(
  "three verbs at once in one home: each is whole, and no message is shown twice",
  bound,
  async () => {
    await using world = new World();
    await together(world);
    const texts = ["one", "two", "three"];
    const sent = await Promise.all(texts.map((text) => json(world, "alice", `send bob ${text}`)));
    assert.deepEqual(
      sent.map(({ state }) => state),
      ["accepted", "accepted", "accepted"],
    );
    const readers = await Promise.all(texts.map(() => json(world, "bob", "inbox")));
    readers.push(await json(world, "bob", "inbox"));
    const shown = readers.flatMap(({ items }) => items as { text: string; again: boolean }[]);
    assert.deepEqual(shown.map(({ text }) => text).sort(), [...texts].sort());
    assert.ok(shown.every(({ again }) => !again));
    const [mixed, , list] = await Promise.all([
      json(world, "bob", "send alice back"),
      json(world, "bob", "inbox"),
      json(world, "bob", "member list"),
    ]);
    assert.equal(mixed.state, "accepted");
    assert.equal(list.items.length, 2);
  },
);
