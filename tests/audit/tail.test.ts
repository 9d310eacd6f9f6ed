import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { World } from "../cli/world.ts";

test("audit tail shows each change as it comes, until it is stopped", {
  timeout: 170_000,
}, async () => {
  await using world = new World();
  await world.startBroker("alice");
  const program = join(world.folder, "bin", "claudemesh");
  const args = ["audit", "tail", "--output-format", "stream-json", "-q"];
  const child = spawn(program, args, {
    env: world.environment("alice"),
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  const acts: unknown[] = [];
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const { act } = JSON.parse(line) as { act?: string };
    if (act === undefined) continue;
    acts.push(act);
    // Only when the past is shown does the next change begin.
    if (act === "roster.invite") {
      const changed = await world.run("alice", "claudemesh profile --title lead -q");
      assert.equal(changed.exit, 0, changed.stderr);
    }
    if (act === "profile") break;
  }
  child.kill("SIGINT");
  await ended;
  assert.deepEqual(acts, ["roster.genesis", "roster.invite", "profile"]);
});
