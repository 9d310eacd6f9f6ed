import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { Ground } from "../last-metre/support/ground.ts";
import { entry, type Person, until } from "../last-metre/support/person.ts";
import { zipOf } from "./zip-bytes.ts";

const names = ["one", "three", "two"];
const listed = async (person: Person) =>
  (await (await person.device()).api.skill.list({})).items.map(({ name }) => name);

/** Writes that wait in a home for the broker. */
function waitingIn({ home }: Person): number {
  const db = new DatabaseSync(join(home, "home.db"), { readOnly: true });
  try {
    return Number(db.prepare("SELECT count(*) AS n FROM pending_write").get()?.n);
  } finally {
    db.close();
  }
}

/** A git server that says nothing: a clone from it is in its middle for ever. */
async function silentServer() {
  const server = createServer(() => asked.resolve());
  const asked = Promise.withResolvers<void>();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/repository`,
    asked: asked.promise,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("a deploy that is killed is published whole when its home is back, or not at all, and leaves nothing behind", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  const clones = join(alice.home, "deploy");
  const left = () => (existsSync(clones) ? readdirSync(clones) : []);

  // The daemon, in the middle of a clone.
  await using first = await silentServer();
  const cloning = (await alice.device()).api.skill.deploy({ source: first.url });
  const broken = assert.rejects(cloning);
  await first.asked;
  assert.equal(left().length, 1);
  await alice.killDaemon();
  await broken;
  await alice.startDaemon();
  assert.deepEqual(left(), []);
  assert.deepEqual(await listed(alice), []);

  // A verb without a daemon, likewise.
  await alice.stopDaemon();
  await using second = await silentServer();
  const verb = spawn(process.execPath, [entry, "skill", "deploy", second.url, "--no-daemon"], {
    env: alice.env,
    stdio: "ignore",
  });
  const gone = once(verb, "exit");
  await second.asked;
  assert.equal(left().length, 1);
  verb.kill("SIGKILL");
  await gone;
  await alice.startDaemon();
  assert.deepEqual(left(), []);
  assert.deepEqual(await listed(bob), []);

  // A zip of three, while the broker answers nothing.
  const source = join(ground.folder, "skills.zip");
  const text = (name: string) => `---\nname: ${name}\ndescription: d\n---\ndo ${name}\n`;
  writeFileSync(
    source,
    zipOf(names.map((name) => ({ name: `${name}/SKILL.md`, data: text(name) }))),
  );
  const { api } = await alice.device();
  process.kill(ground.broker.pid, "SIGSTOP");
  try {
    const deploying = assert.rejects(api.skill.deploy({ source }));
    const count = await until("what was signed", async () => waitingIn(alice) || undefined);
    assert.equal(count, names.length, "all of it at once");
    await alice.killDaemon();
    await deploying;
  } finally {
    process.kill(ground.broker.pid, "SIGCONT");
  }
  await alice.startDaemon();
  await until("all of them", async () => ((await listed(bob)).length > 0 ? true : undefined));
  await until("the end of sending", async () => (waitingIn(alice) === 0 ? true : undefined));
  assert.deepEqual(await listed(bob), names);
  const { instructions, version } = await (await bob.device()).api.skill.get({ name: "two" });
  assert.equal(instructions, "do two");
  await (await alice.device()).api.skill.deploy({ source });
  assert.ok(
    ((await (await bob.device()).api.skill.get({ name: "two" })).version ?? 0) > (version ?? 0),
  );
});
