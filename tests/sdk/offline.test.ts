import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { systemRandom } from "@claudemesh/crypto";
import { createClient } from "@claudemesh/sdk";
import { ScriptedBroker } from "../../packages/testkit/src/scripted-broker.ts";
import { setup } from "./support/setup.ts";

const client = (url: string, reconnect = false) =>
  createClient({ url, now: () => Date.now(), random: systemRandom, reconnect });

/** A loopback port where nothing listens, and nobody else can as long as the test runs: it is one end of a connection. */
async function deafPort(t: TestContext): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  t.after(() => {
    socket.destroy();
    server.close();
  });
  return socket.localPort ?? 0;
}

test("a refused connection is named", async (t) => {
  const url = `http://127.0.0.1:${await deafPort(t)}`;
  await using refused = client(url);
  const message = `cannot reach ${url}: connection refused`;
  await assert.rejects(refused.ready(), { code: "offline", message });
  await assert.rejects(refused.peer.list({}), { code: "offline", message });
});

test("a host that is not found is named", async () => {
  await using lost = client("http://nowhere.invalid:4242");
  const message = "cannot reach http://nowhere.invalid:4242: host not found";
  await assert.rejects(lost.ready(), { code: "offline", message });
});

test("a failed TLS handshake and a server without WebSocket are named", async (t) => {
  const server = createServer((_, response) => response.writeHead(404).end("no"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  await using plain = client(`http://127.0.0.1:${port}/base/`);
  const message = `cannot reach http://127.0.0.1:${port}/base: the server answers HTTP 404 and opens no WebSocket`;
  await assert.rejects(plain.ready(), { code: "offline", message });
  await using secure = client(`https://127.0.0.1:${port}`);
  await assert.rejects(secure.ready(), { code: "offline", message: /: TLS failed \(\w+\)$/ });
});

test("while there is no broker a call waits its time and then tells why", async (t) => {
  const { clock, client: on } = await setup(t);
  const connect = () => {
    throw new Error("no network here");
  };
  const waiting = on({ connect, callTimeoutMs: 3_000 });
  const message = /^cannot reach http:\S+: no network here$/;
  const call = assert.rejects(waiting.peer.list({}), { code: "offline", message });
  const challenge = assert.rejects(waiting.challenge(), { code: "offline", message });
  clock.advance(3_000);
  await Promise.all([call, challenge]);
});

test("closing ends the question why a dial failed", async (t) => {
  const server = createServer();
  server.on("upgrade", (_, socket) => socket.destroy());
  const asked = once(server, "request");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const asking = client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [, response] = await asked;
  const left = once(response, "close");
  await asking.close();
  await left;
  await assert.rejects(asking.ready(), { code: "cancelled" });
});

test("the URL must be one of a broker", () => {
  for (const url of ["", "mesh.example", "ws://mesh.example", "http://a:b@mesh.example/"]) {
    assert.throws(() => client(url), { code: "malformed", message: /^url: / });
  }
});

test("a process that closed its clients can exit", async (t) => {
  const broker = await ScriptedBroker.start();
  t.after(() => broker.stop());
  const program = `
    import { createClient } from "@claudemesh/sdk";
    const base = { now: Date.now, random: (n) => new Uint8Array(n) };
    const open = createClient({ ...base, url: "${broker.url}" });
    const lost = createClient({ ...base, url: "http://127.0.0.1:${await deafPort(t)}" });
    await open.ready();
    lost.peer.list({}).catch(() => {});
    await Promise.all([open.close(), lost.close()]);
    console.log("closed");
  `;
  const running = promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    cwd: import.meta.dirname,
    timeout: 60_000,
  });
  (await broker.connection()).challenge();
  assert.equal((await running).stdout, "closed\n");
});
