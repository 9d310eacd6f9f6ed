import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { claudeBinary, withoutClaude } from "@claudemesh/testkit/agent";
import { AgentWorld } from "./agent-world.ts";

const untidy = `{\n    "zeta": [1,2],\r\n  "permissions": {"allow": ["Bash(ls:*)"]},\n\t"model": "opus" }`;

const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));

/** What must hold whichever way the installation went. */
function installsAndLeaves(world: AgentWorld, way: "plugin" | "settings"): void {
  writeFileSync(world.settings, untidy);
  const before = world.agentFiles();
  const first = JSON.parse(world.run("install", "--status-line", "--json").stdout);
  assert.equal(first.way, way);
  assert.equal(first.changed, true);
  const settings = json(world.settings);
  assert.equal(settings.model, "opus");
  assert.match(settings.statusLine.command, /claudemesh status-line$/);
  assert.ok(settings.permissions.allow.some((rule: string) => /claudemesh send:\*\)$/.test(rule)));
  assert.ok(!settings.permissions.allow.some((rule: string) => / leave/.test(rule)));
  const files = world.agentFiles();
  const second = JSON.parse(world.run("install", "--status-line", "--json").stdout);
  assert.equal(second.changed, false);
  assert.deepEqual(world.agentFiles(), files, "a second time changes no byte");
  const looked = JSON.parse(world.run("doctor", "--json").stdout);
  for (const { name, state } of looked.items) {
    if (["agent", "hooks", "mcp entry", "skills"].includes(name)) assert.equal(state, "ok", name);
  }
  const asked = world.run("uninstall");
  assert.equal(asked.exit, 3);
  assert.match(asked.stderr, /--yes/);
  assert.equal(JSON.parse(world.run("uninstall", "--yes", "--json").stdout).removed, true);
  assert.deepEqual(world.agentFiles(), before, "every byte is as before");
  assert.equal(JSON.parse(world.run("uninstall", "--yes", "--json").stdout).removed, false);
}

test("the real Claude Code gets a plugin by its own commands, and loses it to the byte", {
  skip: withoutClaude(),
}, () => {
  using world = new AgentWorld();
  world.link(claudeBinary() as string);
  installsAndLeaves(world, "plugin");
});

test("an agent without plugin commands gets settings, and loses them to the byte", () => {
  using world = new AgentWorld();
  world.oldAgent();
  installsAndLeaves(world, "settings");
});

test("in the settings stand the absolute Node and entry, for each hook and the server", () => {
  using world = new AgentWorld();
  world.oldAgent();
  world.run("install");
  const server = json(world.state).mcpServers.claudemesh;
  assert.deepEqual([server.command, ...server.args], [process.execPath, world.entry, "mcp"]);
  for (const [event, groups] of Object.entries<{ hooks: { command: string; args: string[] }[] }[]>(
    json(world.settings).hooks,
  )) {
    const [hook] = groups[0]?.hooks ?? [];
    assert.deepEqual(
      [hook?.command, ...(hook?.args ?? [])],
      [process.execPath, world.entry, "hook"],
      event,
    );
  }
  const without = JSON.parse(world.run("install", "--no-hooks", "--json").stdout);
  assert.equal(without.hooks, false);
  assert.equal(json(world.settings).hooks, undefined);
});

test("what a person changed meanwhile stays, and only ours goes", () => {
  using world = new AgentWorld();
  world.oldAgent();
  writeFileSync(world.settings, untidy);
  world.run("install");
  const settings = json(world.settings);
  settings.permissions.allow.push("Bash(make:*)");
  settings.theme = "dark";
  writeFileSync(world.settings, JSON.stringify(settings));
  world.run("uninstall", "--yes");
  assert.deepEqual(json(world.settings), {
    zeta: [1, 2],
    permissions: { allow: ["Bash(ls:*)", "Bash(make:*)"] },
    model: "opus",
    theme: "dark",
  });
});

test("it is taken out also when the agent is gone", { skip: withoutClaude() }, () => {
  using world = new AgentWorld();
  world.link(claudeBinary() as string);
  writeFileSync(world.settings, untidy);
  const before = world.agentFiles();
  world.run("install");
  world.withoutAgent();
  assert.equal(world.run("uninstall", "--yes").exit, 0);
  assert.deepEqual(world.agentFiles(), before);
});

test("without an agent install says so, with its own exit code, and changes nothing", () => {
  using world = new AgentWorld();
  const { exit, stderr } = world.run("install");
  assert.equal(exit, 9);
  assert.match(stderr, /Claude Code is not on the PATH[\s\S]*npm install -g/);
  assert.deepEqual(world.agentFiles(), {});
});

test("a settings file that cannot be read stops everything before anything is changed", () => {
  using world = new AgentWorld();
  world.oldAgent();
  writeFileSync(world.settings, '{"model": ');
  const before = world.agentFiles();
  const { exit, stderr } = world.run("install");
  assert.equal(exit, 3);
  assert.match(stderr, /settings\.json is not a JSON\s+object/);
  assert.deepEqual(world.agentFiles(), before);
});
