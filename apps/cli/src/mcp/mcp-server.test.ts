import assert from "node:assert/strict";
import { test } from "node:test";
import { RpcError, rpcCodes } from "./json-rpc.ts";
import { type ClientInfo, McpServer } from "./mcp-server.ts";

function server() {
  const lines: string[] = [];
  const clients: ClientInfo[] = [];
  const made = new McpServer({
    version: "1",
    tools: {
      list: async () => [],
      call: async (name) => {
        if (name === "defect") throw new Error("secret path");
        throw new RpcError(rpcCodes.invalidParams, "there is no tool");
      },
    },
    skills: () => undefined,
    write: async (line) => void lines.push(line),
    onClient: (client) => void clients.push(client),
  });
  const ask = async (request: unknown) => {
    await made.take(typeof request === "string" ? request : JSON.stringify(request));
    const line = lines.pop();
    return line === undefined ? undefined : JSON.parse(line);
  };
  return { ask, clients };
}

const call = (id: unknown, method: unknown, params?: unknown) => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});

test("the revision of the agent is taken where it has pushes, else the newest that has", async () => {
  const { ask, clients } = server();
  const hello = async (protocolVersion: unknown) =>
    (await ask(call(1, "initialize", { protocolVersion, clientInfo: { name: "a", version: 2 } })))
      .result.protocolVersion;
  assert.equal(await hello("2025-06-18"), "2025-06-18");
  assert.equal(await hello("2026-07-28"), "2025-11-25");
  assert.equal(await hello(undefined), "2025-11-25");
  assert.deepEqual(clients[0], { name: "a", version: "" });
});

test("what is no request gets an error or no answer, and never ends the server", async () => {
  const { ask } = server();
  assert.equal((await ask("{")).error.code, rpcCodes.parseError);
  assert.equal((await ask("[]")).error.code, rpcCodes.invalidRequest);
  assert.equal((await ask("null")).error.code, rpcCodes.invalidRequest);
  assert.equal((await ask(call({}, "ping"))).error.code, rpcCodes.invalidRequest);
  assert.equal((await ask(call(1, 7))).error.code, rpcCodes.invalidRequest);
  assert.equal((await ask(call(1, "server/discover"))).error.code, rpcCodes.methodNotFound);
  assert.equal((await ask(call(1, "tools/call", { name: 7 }))).error.code, rpcCodes.invalidParams);
  assert.equal(await ask(""), undefined);
  assert.equal(await ask({ jsonrpc: "2.0", method: "notifications/initialized" }), undefined);
  assert.equal(await ask({ jsonrpc: "2.0", id: 1, result: {} }), undefined);
  assert.deepEqual((await ask(call("x", "ping"))).result, {});
});

test("a defect is told without its cause", async () => {
  const { ask } = server();
  const { error } = await ask(call(1, "tools/call", { name: "defect" }));
  assert.deepEqual(error, { code: rpcCodes.internalError, message: "the server failed" });
});
