import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { processEnd } from "../cli/daemons.ts";
import { AgentWorld } from "./agent-world.ts";

const hasScript = spawnSync("script", ["--version"]).status === 0;
const skip = hasScript ? false : "script, which gives a program a terminal, is not on this machine";

/** Runs a line at a terminal. */
function atTerminal(world: AgentWorld, line: string): string {
  const { stdout, status } = spawnSync("script", ["-qec", line, "/dev/null"], {
    encoding: "utf8",
    cwd: world.folder,
    env: { ...world.environment(), NO_COLOR: "1", TERM: "xterm" },
  });
  assert.equal(status, 0, stdout);
  return stdout.replaceAll("\r", "");
}

const daemonPid = (world: AgentWorld): number =>
  JSON.parse(world.run("daemon", "status", "--json").stdout).pid;

test("bare claudemesh makes a mesh of one's own and starts the agent; the next time it only starts it", {
  skip,
}, () => {
  using world = new AgentWorld();
  const path = join(world.folder, "bin", "claude");
  writeFileSync(
    path,
    '#!/bin/sh\n[ "$1" = --version ] && echo "2.0.0 (Claude Code)" && exit 0\necho the agent runs\n',
  );
  chmodSync(path, 0o755);
  const line = `${process.execPath} ${world.entry}`;
  try {
    const first = atTerminal(world, line);
    assert.match(first, /a mesh of your own[\s\S]*the agent runs/);
    const printed = first
      .split("\n")
      .filter((text) => /^\S/.test(text) && !text.includes("\u001b"));
    assert.ok(printed.length <= 8, first);
    const second = atTerminal(world, line);
    assert.doesNotMatch(second, /mesh of your own/);
    assert.match(second, /the agent runs/);
    const { items } = JSON.parse(world.run("list", "--json").stdout);
    assert.equal(items.length, 1);
    assert.equal(JSON.parse(world.run("mesh", "ping", "--json").stdout).ok, true);
  } finally {
    world.run("daemon", "stop");
  }
});

test("the broker of one's own begins and ends with the daemon, and keeps its URL", {
  skip,
}, async () => {
  using world = new AgentWorld();
  const line = `${process.execPath} ${world.entry} || true`;
  try {
    assert.match(atTerminal(world, line), /mesh of your own[\s\S]*Claude Code is not on the PATH/);
    const [before] = JSON.parse(world.run("list", "--json").stdout).items;
    const children = spawnSync("pgrep", ["-P", String(daemonPid(world))], { encoding: "utf8" });
    const [broker] = children.stdout.split("\n").map(Number);
    assert.ok(broker);
    process.kill(daemonPid(world), "SIGKILL");
    await processEnd(broker);
    assert.equal(JSON.parse(world.run("ping", "--json").stdout).ok, true);
    const [after] = JSON.parse(world.run("list", "--json").stdout).items;
    assert.equal(after.broker, before.broker);
  } finally {
    world.run("daemon", "stop");
  }
});

test("off a terminal bare claudemesh only says what there is", () => {
  using world = new AgentWorld();
  const { exit, stdout } = world.run();
  assert.equal(exit, 0);
  assert.match(stdout, /usage: /);
});
