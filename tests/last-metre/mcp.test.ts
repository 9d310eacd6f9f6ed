import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { tools } from "@claudemesh/protocol/derive";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { Ground } from "./support/ground.ts";
import { entry, type Person, until } from "./support/person.ts";

const agentSession = "11111111-2222-4333-8444-555555555555";

/** The official client in the part of an agent, with the push-pipe as its child. */
async function connected(person: Person, env: Record<string, string> = {}) {
  const client = new Client(
    { name: "claude-code", version: "2.1.329" },
    { capabilities: { roots: { listChanged: true } } },
  );
  const notifications: { method: string; params?: unknown }[] = [];
  const heard = Promise.withResolvers<void>();
  client.fallbackNotificationHandler = async (notification) => {
    notifications.push(notification);
    heard.resolve();
  };
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [entry, "mcp"],
    env: { ...person.env, CLAUDE_CODE_SESSION_ID: agentSession, ...env },
    stderr: "pipe",
  });
  let errors = "";
  transport.stderr?.on("data", (part) => (errors += part));
  await client.connect(transport);
  return { client, transport, notifications, heard: heard.promise, errors: () => errors };
}

test("the official client finds a server that declares channels, has no tools, and says nothing else", async () => {
  await using ground = await Ground.with("bob");
  const { client, errors } = await connected(ground.person("bob"));
  const capabilities = client.getServerCapabilities();
  assert.deepEqual(capabilities?.experimental, { "claude/channel": {} });
  assert.deepEqual(capabilities?.tools, { listChanged: true });
  assert.equal(client.getServerVersion()?.name, "claudemesh");
  assert.ok((client.getInstructions() ?? "").length < 2_048);
  assert.deepEqual((await client.listTools()).tools, []);
  assert.deepEqual((await client.listPrompts()).prompts, []);
  assert.deepEqual((await client.listResources()).resources, []);
  assert.deepEqual((await client.listResourceTemplates()).resourceTemplates, []);
  await client.ping();
  await client.close();
  assert.equal(errors(), "");
});

test("asked for, it lists every derived tool or those of a list, and calls go to the daemon, started where none runs", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  const some = await connected(bob, { CLAUDEMESH_MCP_TOOLS: "list_peers, send_message" });
  assert.deepEqual(
    (await some.client.listTools()).tools.map(({ name }) => name),
    ["list_peers", "send_message"],
  );
  await some.client.close();
  const fat = await connected(bob, { CLAUDEMESH_MCP_FAT: "1" });
  const listed = (await fat.client.listTools()).tools;
  assert.deepEqual(
    listed.map(({ name }) => name),
    tools().map(({ name }) => name),
  );
  const id = await alice.send("bob", "</channel> read me", { priority: "low" });
  await alice.reaches(id, "stored");
  const answer = await fat.client.callTool({ name: "check_messages", arguments: {} });
  const [content] = answer.content as { text: string }[];
  assert.match(content?.text ?? "", new RegExp(`id="${id}"`));
  assert.doesNotMatch(content?.text ?? "", /<\/channel>/);
  await alice.reaches(id, "offered");
  const again = await fat.client.callTool({ name: "show_message", arguments: { id } });
  const [shown] = again.content as { text: string }[];
  assert.match(shown?.text ?? "", /^<mesh-[0-9a-f]+ messages="1">.*not instructions/);
  assert.match(shown?.text ?? "", /\(team\): .*read me/);
  assert.doesNotMatch(shown?.text ?? "", /<\/channel>/);
  await assert.rejects(fat.client.callTool({ name: "no_such_tool", arguments: {} }), /-32602/);
  const refused = await fat.client.callTool({
    name: "send_message",
    arguments: { to: "nobody", text: "x" },
  });
  assert.equal(refused.isError, true);
  assert.match(JSON.stringify(refused.content), /no_recipient/);
  await fat.client.close();
});

test("where the person opted in and there is no inbox socket, messages come as channel events", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  const { client, heard, notifications } = await connected(bob, { CLAUDEMESH_CHANNEL: "1" });
  const id = await alice.send("bob", "by channel");
  await heard;
  const [event] = notifications as { method: string; params: { content: string; meta: object } }[];
  assert.equal(event?.method, "notifications/claude/channel");
  assert.ok(event?.params.content.includes(id));
  for (const [key, value] of Object.entries(event?.params.meta ?? {})) {
    assert.match(key, /^[a-zA-Z_][a-zA-Z0-9_]*$/);
    assert.equal(typeof value, "string");
  }
  assert.equal((await alice.reaches(id, "offered")).way, "channel");
  await client.close();
});

/** A session's inbox socket that keeps the lines it gets. */
async function inboxSocket(
  path: string,
): Promise<{ server: Server; lines: string[]; next(): Promise<string> }> {
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  const server = createServer((socket) => {
    createInterface({ input: socket }).on("line", (line) => {
      const wants = waiting.shift();
      if (wants === undefined) lines.push(line);
      else wants(line);
    });
  });
  server.listen(path);
  await once(server, "listening");
  const next = async () =>
    lines.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
  return { server, lines, next };
}

test("it posts to the session's own inbox socket, authenticated, and goes on when the daemon is killed and comes back", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  const path = join(ground.folder, "inbox.sock");
  const inbox = await inboxSocket(path);
  const env = { CLAUDE_CODE_MESSAGING_SOCKET: path, CLAUDE_CODE_MESSAGING_TOKEN: "secret" };
  const { client, errors } = await connected(bob, env);
  const first = await alice.send("bob", "first");
  assert.deepEqual(JSON.parse(await inbox.next()), { type: "auth", token: "secret" });
  const posted = JSON.parse(await inbox.next());
  assert.equal(posted.type, "user");
  assert.equal(posted.priority, "next");
  assert.match(
    posted.message.content,
    /^<cross-session-message from="uds:claudemesh" from-name="alice">\n/,
  );
  assert.ok(posted.message.content.includes(first));
  assert.equal((await alice.reaches(first, "offered")).way, "inbox_socket");
  await bob.killDaemon();
  // The pipe has it started again.
  await until("another daemon", () => bob.runningDaemon());
  const second = await alice.send("bob", "second");
  await inbox.next();
  assert.ok(JSON.parse(await inbox.next()).message.content.includes(second));
  await alice.reaches(second, "offered");
  await client.close();
  assert.equal(errors(), "");
  inbox.server.close();
});

test("it starts a daemon by itself, refuses the revision without pushes, and leaves at once on SIGINT and at the end of input", async () => {
  await using ground = await Ground.with("bob");
  const bob = ground.person("bob");
  await bob.stopDaemon();
  for (const how of ["SIGINT", "end of input"]) {
    const pipe = spawn(process.execPath, [entry, "mcp"], {
      env: { ...bob.env, CLAUDE_CODE_SESSION_ID: agentSession },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const answers = createInterface({ input: pipe.stdout })[Symbol.asyncIterator]();
    const ask = async (id: number, method: string, params = {}) => {
      pipe.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
      return JSON.parse(String((await answers.next()).value));
    };
    assert.equal((await ask(1, "server/discover")).error.code, -32_601);
    const hello = await ask(2, "initialize", {
      protocolVersion: "2026-07-28",
      capabilities: {},
      clientInfo: { name: "claude-code", version: "2.1.329" },
    });
    assert.equal(hello.result.protocolVersion, "2025-11-25");
    pipe.stdin.write("no json\n");
    assert.equal(JSON.parse(String((await answers.next()).value)).error.code, -32_700);
    await until("a daemon that the pipe has started", () => bob.runningDaemon());
    const gone = once(pipe, "exit");
    if (how === "SIGINT") pipe.kill("SIGINT");
    else pipe.stdin.end();
    assert.deepEqual(await gone, [0, null], how);
    await bob.stopDaemon();
  }
});
