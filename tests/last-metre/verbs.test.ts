import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { Ground } from "./support/ground.ts";
import { entry, type Person, until } from "./support/person.ts";

/** Runs a verb as an agent does, with JSON on standard input. */
async function run(person: Person, verb: string, input: string) {
  const child = spawn(process.execPath, [entry, verb], { env: person.env, stdio: "pipe" });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number]>,
  ]);
  return { out, err, code };
}

test("the status line tells of the daemon what it knows, and of none what was last seen", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  // The daemon has half a second to answer, which a busy machine may not give it.
  const says = (line: string) =>
    until(`${line} in bob's status line`, async () => {
      const { out } = await run(bob, "status-line", "{}");
      return out === `${line}\n` ? out : undefined;
    });
  await says("mesh team, 1 online");
  const id = await alice.send("bob", "hello");
  await alice.reaches(id, "stored");
  await says("mesh team, 1 online, 1 unread");
  await bob.stopDaemon();
  const { out, err, code } = await run(bob, "status-line", "{}");
  assert.equal(out, "mesh team, 1 online, 1 unread (daemon not running)\n");
  assert.deepEqual([err, code], ["", 0]);
});

test("a hook without a daemon, and one with nonsense to read, print nothing and end well", async () => {
  await using ground = await Ground.with("bob");
  const bob = ground.person("bob");
  assert.deepEqual(await run(bob, "hook", "no json"), { out: "", err: "", code: 0 });
  await bob.stopDaemon();
  const stop = JSON.stringify({ session_id: "s", hook_event_name: "Stop" });
  assert.deepEqual(await run(bob, "hook", stop), { out: "", err: "", code: 0 });
});
