import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { type AnyOp, ErrorBody, opNames, ops } from "@claudemesh/protocol";
import { toolsFile } from "../../apps/cli/src/mcp/tools-file.ts";
import { Ground } from "../last-metre/support/ground.ts";
import type { Person } from "../last-metre/support/person.ts";
import { answerFault, textOf } from "./answers.ts";
import { catalogue } from "./catalogue.ts";
import { McpAgent } from "./mcp-agent.ts";
import type { Scene } from "./row.ts";
import { toolRows } from "./rows/index.ts";
import { type Wrong, wrongInputs } from "./wrong-inputs.ts";

const declared = opNames
  .map((name): AnyOp => ops[name])
  .filter(({ tool }) => tool !== undefined)
  .sort((a, b) => (String(a.tool) < String(b.tool) ? -1 : 1));
const names = declared.map(({ tool }) => String(tool));

test("every tool has its row, and every row a tool", () => {
  const missing = names.filter((name) => !Object.hasOwn(toolRows, name));
  assert.deepEqual(
    missing,
    [],
    `say in tests/tools/rows/<noun>.ts how ${missing.join(", ")} is called with success`,
  );
  assert.deepEqual(
    Object.keys(toolRows).filter((name) => !names.includes(name)),
    [],
  );
});

test("tools are called what the catalogue calls them, each once", () => {
  assert.equal(new Set(names).size, names.length);
  const strange = declared.filter(
    ({ name, tool }) => !catalogue[name.split(".")[0] ?? ""]?.includes(String(tool)),
  );
  assert.deepEqual(
    strange.map(({ name, tool }) => `${name}: ${tool}`),
    [],
    "a tool's name is the catalogue's (tests/tools/catalogue.ts)",
  );
});

const agentSession = "22222222-2222-4333-8444-555555555555";

test("in a mesh of two, with an agent that has the pipe", async (t) => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await t.test(
    "it lists every tool; each does what it says with good input and refuses wrong input in the table's words",
    () => tryEveryTool({ alice, bob, agentSession }),
  );
  await t.test(
    "a list in the home chooses tools, and a change of it is told to sessions that run",
    () => chooseByFile(alice),
  );
});

async function tryEveryTool(scene: Scene): Promise<void> {
  const env = { CLAUDEMESH_MCP_FAT: "1" };
  await using agent = await McpAgent.connected(scene.alice, agentSession, env);
  const { tools } = await agent.client.listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    names,
  );
  for (const [at, { annotations, description }] of tools.entries()) {
    const { cli, kind, summary } = declared[at] as AnyOp;
    assert.equal(description, summary);
    assert.equal(annotations?.readOnlyHint, kind === "query", summary);
    if (kind === "command") assert.equal(annotations?.destructiveHint, cli?.confirm !== undefined);
  }
  const wrong: string[] = [];
  for (const { inputSchema, name } of tools) {
    for (const problem of await problemsOf(agent, { name, inputSchema }, scene)) {
      wrong.push(`${name}: ${problem}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.equal(agent.errors, "");
}

async function chooseByFile(alice: Person): Promise<void> {
  const file = toolsFile(alice.home);
  mkdirSync(dirname(file), { recursive: true });
  await using agent = await McpAgent.connected(alice, agentSession);
  const listed = async () => (await agent.client.listTools()).tools.map(({ name }) => name);
  assert.deepEqual(await listed(), []);
  await assert.rejects(agent.client.callTool({ name: "list_peers", arguments: {} }), /-32602/);
  writeFileSync(file, "list_peers\nmesh_info, nonesuch\n");
  await agent.toolsChanged();
  await agent.until(async () => (await listed()).join() === "list_peers,mesh_info");
  assert.match(agent.errors, /there is no tool nonesuch/);
  writeFileSync(file, "all");
  await agent.until(async () => (await listed()).length === names.length);
  await using other = await McpAgent.connected(alice, agentSession, {
    CLAUDEMESH_MCP_TOOLS: "set_status",
  });
  const { tools } = await other.client.listTools();
  assert.deepEqual(
    tools.map(({ name }) => name),
    ["set_status"],
    "the environment goes before the file",
  );
}

/** What is not as it should be in the answers to good and to wrong inputs. */
async function problemsOf(
  agent: McpAgent,
  { name, inputSchema }: { readonly name: string; readonly inputSchema: object },
  scene: Scene,
): Promise<string[]> {
  const row = toolRows[name];
  // The first test tells of it.
  if (row === undefined) return [];
  const problems: string[] = [];
  try {
    const good = await row.good(scene);
    for (const wrong of wrongInputs(inputSchema as Record<string, unknown>, good as object)) {
      const problem = await refusalFault(agent, name, wrong);
      if (problem !== undefined) problems.push(problem);
    }
    const fault = await answerFault(row, await agent.call(name, good), scene);
    if (fault !== undefined) problems.push(fault);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  return problems;
}

async function refusalFault(agent: McpAgent, name: string, { what, input }: Wrong) {
  const answer = await agent.call(name, input);
  if (answer.isError !== true) return `${what}: taken`;
  const { error } = JSON.parse(textOf(answer)) as { error: unknown };
  const read = ErrorBody.safeParse(error);
  if (!read.success) return `${what}: ${textOf(answer)}`;
  return read.data.code === "internal" ? `${what}: internal` : undefined;
}
