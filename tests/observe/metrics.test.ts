import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { startBroker } from "../broker/support/broker.ts";
import { Client } from "../broker/support/client.ts";
import { addMember, foundMesh } from "../broker/support/member.ts";

const token = "a-token-of-some-length-0123456789";
const secrets = { encryptionKey: undefined, metricsToken: token };

/** What `/metrics` shows: each sample by its name with labels. */
async function scrape(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  assert.ok(text.endsWith("\n"));
  const found = new Map<string, number>();
  for (const line of text.trimEnd().split("\n")) {
    if (line.startsWith("# ")) {
      assert.match(line, /^# (HELP [a-z_]+ \S|TYPE [a-z_]+ (counter|gauge|histogram)$)/);
      continue;
    }
    const [, name, value] = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? [];
    assert.ok(name !== undefined && Number.isFinite(Number(value)), line);
    assert.ok(!found.has(name), `${name} is there twice`);
    found.set(name, Number(value));
  }
  return found;
}

const ended = 'claudemesh_connections_closed_total{code="4005"}';
const calling = 'claudemesh_connections{kind="call"}';

test("calls, appends, pushes, connections and drops are counted", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const feed = await bob.connect("feed");
  const client = await alice.connect();
  const before = await scrape(at.url);
  const sent = 20;
  for (let n = 0; n < sent; n++) {
    const envelope = alice.message(bob, "x");
    await client.call("message.send", { envelope });
    await feed.find(({ seq, kind }) => seq !== undefined && kind === "message");
  }
  await assert.rejects(client.call("message.send", { envelope: bob.message(alice, "not mine") }));
  const garbled = await Client.open(at.url);
  garbled.send("{");
  await garbled.closed;

  // The broker may learn of the end of a connection a moment later than its client.
  let after = await scrape(at.url);
  while (!after.has(ended) || after.get(calling) !== 1) after = await scrape(at.url);
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  assert.equal(grown('claudemesh_calls_total{op="message.send",outcome="ok"}'), sent);
  assert.equal(grown('claudemesh_call_seconds_count{op="message.send"}'), sent + 1);
  const refused = [...after.keys()].filter(
    (name) => name.startsWith('claudemesh_calls_total{op="message.send"') && !name.includes('"ok"'),
  );
  assert.equal(refused.length, 1);
  assert.ok(grown("claudemesh_append_seconds_count") >= sent);
  assert.ok(grown("claudemesh_append_seconds_sum") > 0);
  assert.ok(grown("claudemesh_push_seconds_count") >= sent);
  assert.ok(grown("claudemesh_deliveries_total") >= sent);
  assert.equal(grown('claudemesh_drops_total{reason="garbage"}'), 1);
  assert.equal(grown(ended), 1);
  assert.equal(after.get('claudemesh_connections{kind="feed"}'), 1);
  assert.ok(after.has("claudemesh_queue_writes"));
  assert.ok((after.get("process_resident_memory_bytes") ?? 0) > 1 << 20);
});

test("buckets are cumulative and end with the count", async () => {
  await using at = await startBroker();
  await foundMesh(at.url);
  const found = await scrape(at.url);
  const of = (le: string) => found.get(`claudemesh_append_seconds_bucket{le="${le}"}`);
  const bounds = [...found.keys()].flatMap((name) => {
    const [, le] = /^claudemesh_append_seconds_bucket\{le="([^"]+)"\}$/.exec(name) ?? [];
    return le === undefined ? [] : [le];
  });
  assert.ok(bounds.length > 10);
  let last = 0;
  for (const le of bounds) {
    assert.ok((of(le) ?? 0) >= last, le);
    last = of(le) ?? 0;
  }
  assert.equal(bounds.at(-1), "+Inf");
  assert.equal(last, found.get("claudemesh_append_seconds_count"));
  assert.ok(last >= 1);
});

/** Asks for the metrics as a client with these headers does; answers the status. */
function statusFor(port: number, headers: Record<string, string>): Promise<number> {
  const answered = Promise.withResolvers<number>();
  const call = request({ host: "127.0.0.1", port, path: "/metrics", headers }, (response) => {
    response.resume();
    answered.resolve(response.statusCode ?? 0);
  });
  call.on("error", answered.reject);
  call.end();
  return answered.promise;
}

test("metrics are for this machine itself, or with the token", async () => {
  await using at = await startBroker({ publicUrl: "https://mesh.example" }, { secrets });
  const { port } = at.broker;
  const local = `127.0.0.1:${port}`;
  const bearer = (text: string) => ({ host: "mesh.example", authorization: text });
  const cases: [Record<string, string>, number][] = [
    [{ host: local }, 200],
    [{ host: `localhost:${port}` }, 200],
    [{ host: "mesh.example" }, 401],
    [{ host: "evil.example" }, 401],
    [{ host: "localhost.evil.example" }, 401],
    [{ host: local, "x-forwarded-for": "127.0.0.1" }, 401],
    [{ host: local, "x-forwarded-for": "" }, 401],
    [{ host: local, "x-real-ip": "127.0.0.1" }, 401],
    [{ host: local, forwarded: "for=127.0.0.1" }, 401],
    [{ host: local, via: "1.1 proxy" }, 401],
    [{ host: local, authorization: "Bearer wrong-token-of-some-length" }, 401],
    [bearer(`Bearer ${token}`), 200],
    [bearer(`bearer ${token}`), 200],
    [bearer(`Bearer ${token}x`), 401],
    [bearer(`Bearer ${token.slice(0, -1)}`), 401],
    [bearer(`Basic ${token}`), 401],
    [bearer("Bearer "), 401],
    [bearer(token), 401],
  ];
  for (const [headers, status] of cases) {
    assert.equal(await statusFor(port, headers), status, JSON.stringify(headers));
  }
});

test("without a configured token none opens the metrics", async () => {
  await using at = await startBroker({ publicUrl: "https://mesh.example" });
  for (const authorization of ["Bearer undefined", "Bearer ", `Bearer ${token}`]) {
    const headers = { host: "mesh.example", authorization };
    assert.equal(await statusFor(at.broker.port, headers), 401);
  }
});

test("who reads them from a trusted proxy's side is not this machine", async () => {
  await using at = await startBroker({ trustProxy: ["127.0.0.1"] });
  const headers = { host: `127.0.0.1:${at.broker.port}`, "x-forwarded-for": "203.0.113.9" };
  assert.equal(await statusFor(at.broker.port, headers), 401);
});
