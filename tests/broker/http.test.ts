import assert from "node:assert/strict";
import { request } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { startBroker } from "./support/broker.ts";

test("every page has the strict headers and no script", async () => {
  await using at = await startBroker();
  const id = "inv_00000000-0000-8000-8000-000000000000";
  for (const path of ["/", `/i/${id}`, "/style.css", "/health", "/health/ready", "/nowhere"]) {
    const response = await fetch(at.url + path);
    const body = await response.text();
    assert.match(
      response.headers.get("content-security-policy") ?? "",
      /^default-src 'none'/,
      path,
    );
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("referrer-policy"), "no-referrer");
    assert.doesNotMatch(body, /<script|style=|javascript:/i, path);
  }
  const join = await (await fetch(`${at.url}/i/${id}`)).text();
  assert.ok(
    join.includes(`join &#39;${at.url}/i/${id}#`) || join.includes(`join '${at.url}/i/${id}#`),
  );
  assert.match(join, /whole link/);
});

test("errors have the one shape", async () => {
  await using at = await startBroker();
  const cases = [
    ["GET", "/nowhere", 404, "not_found"],
    ["GET", "/i/nonsense", 404, "not_found"],
    ["GET", "/join/abc", 410, "invite_v1_gone"],
    ["POST", "/", 405, "malformed"],
    ["TRACE", "/", 405, "malformed"],
    ["GET", "/", 421, "wrong_host", "evil.example"],
  ] as const;
  for (const [method, path, status, code, host] of cases) {
    const answer = await ask(at.broker.port, method, path, host);
    assert.equal(answer.status, status, `${method} ${path}`);
    assert.equal(JSON.parse(answer.body).error.code, code);
  }
  const page = await fetch(`${at.url}/join/abc`, { headers: { accept: "text/html" } });
  assert.equal(page.status, 410);
  assert.match(await page.text(), /new link/);
});

test("a store that does not answer makes the broker unready, not dead", async () => {
  await using at = await startBroker();
  await at.broker.store.close();
  const ready = await fetch(`${at.url}/health/ready`);
  assert.equal(ready.status, 503);
  assert.deepEqual(await ready.json(), { ready: false, reasons: ["store"] });
  assert.equal((await fetch(`${at.url}/health`)).status, 200);
});

test("what is no HTTP is answered and hung up on", async () => {
  await using at = await startBroker();
  const socket = connect(at.broker.port, "127.0.0.1");
  socket.end("\x16\x03\x01 nonsense\r\n\r\n");
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1.1 400/);
});

function ask(port: number, method: string, path: string, host?: string) {
  const answered = Promise.withResolvers<{ status: number; body: string }>();
  const headers = host === undefined ? {} : { host };
  const call = request({ host: "127.0.0.1", port, method, path, headers }, async (response) => {
    let body = "";
    for await (const chunk of response) body += String(chunk);
    answered.resolve({ status: response.statusCode ?? 0, body });
  });
  call.on("error", answered.reject);
  call.end();
  return answered.promise;
}
