import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { sources } from "../architecture/sources.ts";
import { startBroker } from "../broker/support/broker.ts";
import { Client } from "../broker/support/client.ts";
import { addMember, foundMesh } from "../broker/support/member.ts";
import { World } from "../cli/world.ts";

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { key: string; value: { stringValue?: string } }[];
}

/** Takes traces as a collector does (OTLP over HTTP, JSON). */
async function startCollector() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      if (request.url === "/v1/traces") bodies.push(Buffer.concat(parts).toString());
      response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const spansIn = (bodies: readonly string[]): Span[] =>
  bodies.flatMap((body) =>
    JSON.parse(body).resourceSpans.flatMap((resource: { scopeSpans: { spans: Span[] }[] }) =>
      resource.scopeSpans.flatMap((scope) => scope.spans),
    ),
  );

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

test("a configured collector gets a span per call, within its caller's trace, with its request id and nothing of what it carries", async () => {
  await using collector = await startCollector();
  let requestId = "";
  const text = "what alice said in confidence";
  let id = "";
  {
    await using at = await startBroker({ otlpUrl: collector.url });
    const alice = await foundMesh(at.url);
    const bob = await addMember(alice);
    const client = await alice.connect();
    await client.call("message.send", { envelope: alice.message(bob, text) });
    const stranger = await Client.open(at.url);
    stranger.send({ type: "call", id: "c1", op: "mesh.info", input: {} });
    const { error } = await stranger.find((frame) => frame.id === "c1");
    id = String((error as { requestId?: string }).requestId);
    assert.match(id, /^req_[0-9a-f-]{36}\.\d+$/);
    const traceparent = `00-${traceId}-${spanId}-01`;
    const preview = await fetch(`${at.url}/v1/ops/invite.preview`, {
      method: "POST",
      headers: { traceparent, "content-type": "application/json" },
      body: JSON.stringify({ invite: "inv_00000000-0000-8000-8000-000000000000" }),
    });
    assert.equal(preview.status, 404, await preview.text());
    requestId = String(preview.headers.get("x-request-id"));
  }
  const spans = spansIn(collector.bodies);
  const attribute = (span: Span, key: string) =>
    span.attributes.find((one) => one.key === key)?.value.stringValue;
  const sent = spans.find(({ name }) => name === "message.send");
  assert.ok(sent !== undefined);
  assert.equal(attribute(sent, "claudemesh.outcome"), "ok");
  const refused = spans.find((span) => attribute(span, "claudemesh.request_id") === id);
  assert.equal(refused?.name, "mesh.info");
  assert.equal(attribute(refused as Span, "claudemesh.outcome"), "unauthorized");
  const continued = spans.find((span) => attribute(span, "claudemesh.request_id") === requestId);
  assert.deepEqual([continued?.traceId, continued?.parentSpanId], [traceId, spanId]);
  assert.equal(spans.filter((span) => span.traceId === traceId).length, 1);
  assert.doesNotMatch(collector.bodies.join(), new RegExp(text));
});

test("what a person's verb asks is part of the trace that it runs in, with a daemon and without", async () => {
  await using collector = await startCollector();
  const other = "1bf7651916cd43dd8448eb211c80319c";
  {
    await using at = await startBroker({ otlpUrl: collector.url });
    await using world = new World();
    const traced = (id: string) => `TRACEPARENT=00-${id}-${spanId}-01 claudemesh`;
    for (const line of [
      `${traced(traceId)} mesh create team --broker ${at.url} --display-name alice`,
      `${traced(other)} send '#general' hello`,
      `${traced("not-a-trace")} member list`,
      "claudemesh daemon stop",
      `CLAUDEMESH_DAEMON=off ${traced(other)} topic list`,
    ]) {
      const { exit, stderr } = await world.run("alice", line);
      assert.equal(exit, 0, `${line}: ${stderr}`);
    }
  }
  const spans = spansIn(collector.bodies);
  const under = (id: string) =>
    spans
      .filter((span) => span.traceId === id && span.parentSpanId === spanId)
      .map(({ name }) => name);
  assert.ok(under(traceId).includes("mesh.create"), under(traceId).join());
  assert.ok(under(other).includes("message.send"), under(other).join());
  assert.ok(under(other).includes("topic.list"), under(other).join());
  assert.ok(!under(other).includes("mesh.create"));
  assert.ok(spans.some(({ name, parentSpanId }) => name === "member.list" && !parentSpanId));
});

test("a collector that is away keeps the broker from nothing", async () => {
  await using at = await startBroker({ otlpUrl: "http://127.0.0.1:9" });
  await foundMesh(at.url);
});

test("the tracer's libraries are loaded by one file, and that only where tracing is configured", () => {
  for (const { path, text } of sources("apps/broker/src/**/*.ts")) {
    if (path !== "apps/broker/src/observe/tracing.ts") {
      assert.doesNotMatch(text, /from "@opentelemetry/, path);
    }
    assert.doesNotMatch(text, /^import \{[^}]*\} from ".*\/tracing\.ts"/m, path);
  }
});
