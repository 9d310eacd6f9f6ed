import assert from "node:assert/strict";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { AgentWorld } from "./agent-world.ts";

/** An agent that says how it was started and ends as it is told. */
function told(world: AgentWorld, ending: string): void {
  const path = join(world.folder, "bin", "claude");
  writeFileSync(
    path,
    `#!/bin/sh\n[ "$1" = --version ] && echo "2.0.0 (Claude Code)" && exit 0\necho "mesh=$CLAUDEMESH_MESH name=$CLAUDEMESH_NAME"\nfor one in "$@"; do echo "<$one>"; done\n${ending}\n`,
  );
  chmodSync(path, 0o755);
}

const given = (stdout: string) =>
  stdout.split("\n").flatMap((line) => /^<(.*)>$/.exec(line)?.[1] ?? []);

test("an agent that is not installed into gets the plugin for this session, and what follows --", () => {
  using world = new AgentWorld();
  told(world, "exit 0");
  const { exit, stdout } = world.run("launch", "--name", "ada", "--", "-p", "two words", "--", "x");
  assert.equal(exit, 0);
  const [flag, folder, ...rest] = given(stdout);
  assert.equal(flag, "--plugin-dir");
  assert.ok(existsSync(join(folder ?? "", ".claude-plugin/plugin.json")));
  assert.deepEqual(rest, ["-p", "two words", "--", "x"]);
  assert.match(stdout, /name=ada/);
  assert.deepEqual(world.agentFiles(), {}, "the agent's own files are not touched");
});

test("an installed agent is started as it is", () => {
  using world = new AgentWorld();
  told(world, "exit 0");
  world.oldAgent();
  world.run("install");
  told(world, "exit 0");
  assert.deepEqual(given(world.run("launch").stdout), []);
});

test("a line that begins with a flag of launch is a launch", () => {
  using world = new AgentWorld();
  told(world, "exit 0");
  for (const [line, expected] of [
    [
      ["--resume", "abc"],
      ["--resume", "abc"],
    ],
    [
      ["-r", "abc"],
      ["--resume", "abc"],
    ],
    [["-c"], ["--continue"]],
    [
      ["--continue", "--", "-p", "hi"],
      ["--continue", "-p", "hi"],
    ],
  ] as const) {
    const [, , ...rest] = given(world.run(...line).stdout);
    assert.deepEqual(rest, expected, line.join(" "));
  }
});

test("the agent's exit code is passed on, and a signal as shells do", () => {
  using world = new AgentWorld();
  told(world, "exit 7");
  assert.equal(world.run("launch").exit, 7);
  told(world, "kill -TERM $$");
  assert.equal(world.run("launch").exit, 143);
});

test("a mesh that is not there is told before the agent starts", () => {
  using world = new AgentWorld();
  told(world, "exit 0");
  const { exit, stdout, stderr } = world.run("launch", "--mesh", "nowhere");
  assert.equal(exit, 5);
  assert.equal(stdout, "");
  assert.match(stderr, /nowhere|in no mesh/);
});

test("without an agent launch says what to install", () => {
  using world = new AgentWorld();
  const { exit, stderr } = world.run("launch");
  assert.equal(exit, 9);
  assert.match(stderr, /npm install -g @anthropic-ai\/claude-code/);
});
