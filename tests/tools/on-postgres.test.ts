import assert from "node:assert/strict";
import { test } from "node:test";
import { type AnyOp, opNames, ops } from "@claudemesh/protocol";
import { Ground } from "../last-metre/support/ground.ts";
import { cluster, skip } from "../store/postgres-cluster.ts";
import { answerFault } from "./answers.ts";
import { McpAgent } from "./mcp-agent.ts";
import { toolRows } from "./rows/index.ts";

const running = cluster();

/** What a broker keeps for a team, and what it does by itself: whose tools hold on both stores. */
const kept =
  /^(clock|context|file|memory|peerfile|schedule|skill|state|stream|task|vault|watch|webhook)\./;
const names = opNames
  .map((name): AnyOp => ops[name])
  .flatMap(({ name, tool }) => (tool !== undefined && kept.test(name) ? [String(tool)] : []));

test("on PostgreSQL every tool of what a team keeps does what it says", { skip }, async () => {
  assert.ok(names.length > 30);
  const { server, databases } = running();
  const env = { DATABASE_URL: server.url(await databases.create()) };
  await using ground = await Ground.on(env, "alice", "bob");
  const agentSession = "33333333-2222-4333-8444-555555555555";
  const scene = { alice: ground.person("alice"), bob: ground.person("bob"), agentSession };
  const tools = { CLAUDEMESH_MCP_FAT: "1" };
  await using agent = await McpAgent.connected(scene.alice, agentSession, tools);
  const wrong: string[] = [];
  for (const name of names) {
    const row = toolRows[name];
    if (row === undefined) continue;
    const answer = await agent.call(name, await row.good(scene));
    const fault = await answerFault(row, answer, scene);
    if (fault !== undefined) wrong.push(`${name}: ${fault}`);
  }
  assert.deepEqual(wrong, []);
  assert.equal(agent.errors, "");
});
