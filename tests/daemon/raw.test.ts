import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createPlainServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { getRaw, localHost, postRaw } from "@claudemesh/local-link/raw";

const folder = mkdtempSync(join(tmpdir(), "claudemesh-raw-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "raw.sock");
const patienceMs = 30_000;

async function answering<T>(listener: RequestListener, ask: () => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(path);
  await once(server, "listening");
  try {
    return await ask();
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

test("what is posted arrives whole, and the answer in parts is put together", async () => {
  const asked: unknown[] = [];
  const answer = "é".repeat(100_000);
  const got = await answering(
    (request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const { method, url, headers } = request;
        asked.push([method, url, headers.host, JSON.parse(Buffer.concat(parts).toString("utf8"))]);
        const bytes = Buffer.from(answer);
        response.writeHead(200, { "content-length": bytes.length });
        response.write(bytes.subarray(0, 1_001), () => response.end(bytes.subarray(1_001)));
      });
    },
    () => postRaw(path, "/v1/agent/hook", { text: "ü ".repeat(50_000) }, patienceMs),
  );
  assert.equal(got, answer);
  assert.deepEqual(asked, [["POST", "/v1/agent/hook", localHost, { text: "ü ".repeat(50_000) }]]);
});

test("an empty answer is an empty text", async () => {
  const get = () => getRaw(path, "/v1/status", patienceMs);
  assert.equal(await answering((_, response) => response.end(), get), "");
});

test("another status, an answer that is cut off, one without its length and none in time are refused", async () => {
  const get = (ms = patienceMs) => getRaw(path, "/v1/status", ms);
  const refused = (listener: RequestListener, why: RegExp, ms?: number) =>
    assert.rejects(
      answering(listener, () => get(ms)),
      why,
    );
  await refused((_, response) => response.writeHead(500).end("no"), /HTTP 500/);
  await refused((_, response) => {
    response.writeHead(200, { "content-length": 10 });
    response.write("half", () => response.destroy());
  }, /ended before/);
  await refused((_, response) => {
    response.writeHead(200, { "transfer-encoding": "chunked" });
    response.end("x");
  }, /how long/);
  await refused(
    (_, response) => response.writeHead(200, { "content-length": 2 ** 29 }).flushHeaders(),
    /too long/,
  );
  await refused(() => {}, /takes too long/, 50);
  await assert.rejects(get(), { code: "ENOENT" });
});

test("what is no daemon is told by its first bytes or given up on", async () => {
  const server = createPlainServer((socket) => {
    socket.on("error", () => {});
    socket.end("x".repeat(100_000));
  }).listen(path);
  await once(server, "listening");
  await assert.rejects(getRaw(path, "/v1/status", patienceMs), /no daemon/);
  server.close();
});
