import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { World } from "../cli/world.ts";
import { cluster, skip } from "./postgres-cluster.ts";

const running = cluster();
const bound = { skip, timeout: 240_000 };

async function json(world: World, person: string, line: string, variables = "") {
  const ran = await world.run(person, `${variables} claudemesh ${line} --json`);
  assert.equal(ran.exit, 0, `${person}: ${line}\n${ran.stderr}`);
  return JSON.parse(ran.stdout);
}

/** The texts of the next `count` messages that a person is shown. */
async function shown(world: World, person: string, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) {
    const { items } = await json(world, person, "inbox --wait 60s");
    texts.push(...items.map(({ text }: { text: string }) => text));
  }
  return texts;
}

/** Alice founds a mesh at the broker, and Bob joins it. */
async function together(world: World, broker: BrokerProcess): Promise<void> {
  await json(world, "alice", `mesh create --name team --broker ${broker.url} --display-name alice`);
  const { link } = await json(world, "alice", "invite create");
  await json(world, "bob", `join '${link}' --name bob`);
}

test(
  "devices of a broker on PostgreSQL write both ways, over a restart of the broker and a crash of the server",
  bound,
  async () => {
    const { server, databases } = running();
    const env = { DATABASE_URL: server.url(await databases.create()) };
    const folder = mkdtempSync(join(tmpdir(), "claudemesh-pg-broker-"));
    let broker = await BrokerProcess.start({ folder, env });
    const { port } = broker;
    try {
      await using world = new World();
      await together(world, broker);
      const first = await json(world, "alice", "send bob 'are you there?'");
      assert.equal(first.state, "accepted");
      assert.deepEqual(await shown(world, "bob", 1), ["are you there?"]);
      await json(world, "bob", `send alice yes --reply-to ${first.id}`);
      assert.equal(await broker.stop(), 0);

      broker = await BrokerProcess.start({ folder, env, port });
      await server.kill();
      await server.startAgain();
      await json(world, "bob", "send alice 'after the crash'");
      assert.deepEqual(await shown(world, "alice", 2), ["yes", "after the crash"]);
      assert.equal((await json(world, "alice", `why ${first.id}`)).state, "answered");
    } finally {
      await broker.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test(
  "devices go on after their broker's store was moved to PostgreSQL, with nothing but a reconnect",
  bound,
  async () => {
    const { server, databases } = running();
    const env = { DATABASE_URL: server.url(await databases.create()) };
    const folder = mkdtempSync(join(tmpdir(), "claudemesh-pg-moved-"));
    let broker = await BrokerProcess.start({ folder });
    const { port } = broker;
    try {
      await using world = new World();
      await together(world, broker);
      await json(world, "alice", "send bob one");
      assert.deepEqual(await shown(world, "bob", 1), ["one"]);
      await json(world, "bob", "send alice two");
      assert.equal(await broker.stop(), 0);
      const waiting = await json(world, "alice", "send bob three");
      assert.equal(waiting.state, "queued");

      const variables = `DATABASE_URL='${env.DATABASE_URL}'`;
      const moved = await json(world, "alice", `broker migrate-store --data ${folder}`, variables);
      const log = moved.tables.find(({ table }: { table: string }) => table === "log");
      assert.ok(log.rows > 0);

      broker = await BrokerProcess.start({ folder, env, port });
      assert.deepEqual(await shown(world, "alice", 1), ["two"]);
      await json(world, "bob", "send alice four");
      assert.deepEqual(await shown(world, "alice", 1), ["four"]);
      assert.deepEqual(await shown(world, "bob", 1), ["three"]);
      const more = `mesh create --name more --broker ${broker.url} --display-name alice`;
      await json(world, "alice", more);
    } finally {
      await broker.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
