import assert from "node:assert/strict";
import { test } from "node:test";
import { errorTable } from "@claudemesh/protocol";
import { startBroker } from "../broker/support/broker.ts";
import { addMember, foundMesh } from "../broker/support/member.ts";
import { hostileRequests } from "./hostile-requests.ts";
import { type RawAnswer, sendRaw } from "./raw-http.ts";

const traces = /\n\s+at |node:internal|\.ts:\d+|\/apps\/broker|SQLITE|Error:/;

/** Refused in words of the table, or hung up on; nothing of the inside shows. */
function checkRefusal({ status, headers, body, whole }: RawAnswer): void {
  assert.doesNotMatch(whole, traces);
  assert.ok(status < 500, `status ${status}`);
  assert.equal(headers.get("set-cookie"), undefined);
  if (headers.get("content-type") === "application/json" && status >= 400) {
    const { error } = JSON.parse(body) as { error: { code: string; message: string } };
    assert.ok(Object.hasOwn(errorTable, error.code), error.code);
    assert.ok(error.message.length > 0 && error.message.length < 500);
  }
}

test("no hostile request is served, breaks anything or shows the inside", async (t) => {
  await using at = await startBroker({ origins: ["https://app.example"], headersMs: 10_000 });
  const { port } = at.broker;
  const all = hostileRequests(port);
  assert.ok(all.length >= 200, `only ${all.length}`);
  const statuses = new Map<number, number>();
  for (const { name, bytes, mayServe } of all) {
    const answer = await sendRaw(port, bytes);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    try {
      checkRefusal(answer);
      if (!mayServe) assert.ok(answer.status === 0 || answer.status >= 400, "served");
      assert.ok(mayServe || !answer.headers.has("access-control-allow-origin"));
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}\n${answer.whole.slice(0, 600)}`);
    }
  }
  t.diagnostic(`${all.length} requests: ${JSON.stringify(Object.fromEntries(statuses))}`);
  const unexpected = at.lines.filter((line) => /"level":"(error|warn)"/.test(line));
  assert.deepEqual(unexpected, []);

  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const client = await alice.connect();
  await client.call("message.send", { envelope: alice.message(bob, "still there") });
});

test("the page of an allowed site may ask, is told so, and nobody else is", async () => {
  await using at = await startBroker({ origins: ["https://app.example"] });
  const { port } = at.broker;
  const ask = (method: string, origin: string) =>
    sendRaw(
      port,
      `${method} /v1/peers HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${origin}\r\nConnection: close\r\n\r\n`,
    );
  const preflight = await ask("OPTIONS", "https://app.example");
  assert.equal(preflight.status, 200);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "https://app.example");
  const allowed = (preflight.headers.get("access-control-allow-headers") ?? "").split(", ");
  assert.deepEqual(allowed, [
    ...["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Last-Event-ID"],
    "traceparent",
  ]);
  assert.equal(preflight.headers.get("access-control-allow-credentials"), undefined);
  const asked = await ask("GET", "https://app.example");
  assert.equal(asked.status, 401);
  assert.equal(asked.headers.get("access-control-allow-origin"), "https://app.example");
  const exposed = asked.headers.get("access-control-expose-headers");
  assert.equal(exposed, "ETag, Retry-After, X-Request-Id");
  assert.match(asked.headers.get("vary") ?? "", /Origin/);
  const refused = await ask("GET", "https://app.example.evil");
  assert.equal(refused.status, 403);
  assert.equal(refused.headers.get("access-control-allow-origin"), undefined);
});
