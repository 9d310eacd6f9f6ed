import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { test } from "node:test";
import { startBroker } from "../broker/support/broker.ts";
import { Client, refusal } from "../broker/support/client.ts";
import { addMember, foundMesh } from "../broker/support/member.ts";
import { openSocket, parseAnswer, sendRaw } from "./raw-http.ts";

const stranger = { headers: { "x-forwarded-for": "203.0.113.9" } };
const other = { headers: { "x-forwarded-for": "2001:db8::1" } };

test("sockets of one address that are no member's are bounded, and given back", async () => {
  await using at = await startBroker({ socketsPerAddress: 10, headersMs: 600_000 });
  const { metrics, port } = at.broker;
  const held: Socket[] = [];
  for (let n = 0; n < 10; n++) {
    const socket = openSocket(port);
    await once(socket, "connect");
    socket.write("GET /health HTTP/1.1\r\n");
    held.push(socket);
  }
  assert.equal((await sendRaw(port, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")).status, 0);
  assert.equal(metrics.drops.get("sockets"), 1);
  for (const socket of held) {
    socket.destroy();
    await once(socket, "close");
  }
  let status = 0;
  while (status !== 200) {
    status = (await sendRaw(port, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")).status;
  }
});

test("members' connections do not count as strangers' sockets", async () => {
  await using at = await startBroker({ socketsPerAddress: 4 });
  const alice = await foundMesh(at.url);
  const clients: Client[] = [];
  for (let n = 0; n < 12; n++) clients.push(await alice.connect());
  for (const client of clients) await client.call("mesh.info", {});
});

test("an address that opens too much is told when to come again; this machine and others are not", async () => {
  const config = { rateAddress: { perSecond: 0.001, burst: 3 }, trustProxy: ["127.0.0.1"] };
  await using at = await startBroker(config);
  const { port, metrics } = at.broker;
  for (let n = 0; n < 3; n++) await (await Client.open(at.url, stranger)).close();
  await assert.rejects(Client.open(at.url, stranger), /refused with 429/);
  const asked = await sendRaw(
    port,
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Forwarded-For: 1.1.1.1, 203.0.113.9\r\nConnection: close\r\n\r\n`,
  );
  assert.equal(asked.status, 429);
  assert.ok(Number(asked.headers.get("retry-after")) > 1);
  assert.equal(JSON.parse(asked.body).error.requestId, asked.headers.get("x-request-id"));
  assert.equal(metrics.drops.get("address_rate"), 2);
  await (await Client.open(at.url, other)).close();
  for (let n = 0; n < 10; n++) await (await Client.open(at.url)).close();
});

test("an IPv6 network is one address, and forged headers evade nothing", async () => {
  const config = { rateAddress: { perSecond: 0.001, burst: 2 }, trustProxy: ["127.0.0.1"] };
  await using at = await startBroker(config);
  const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
  await (await Client.open(at.url, from("2001:db8::1"))).close();
  await (await Client.open(at.url, from("198.51.100.1, 2001:db8::2"))).close();
  await assert.rejects(Client.open(at.url, from("2001:db8::3")), /429/);
  await assert.rejects(Client.open(at.url, from("203.0.113.7, 2001:db8::4")), /429/);
});

test("frames that make no sense use up what their address may do", async () => {
  const config = { rateAddress: { perSecond: 0.001, burst: 10 }, trustProxy: ["127.0.0.1"] };
  await using at = await startBroker(config);
  const client = await Client.open(at.url, stranger);
  for (let n = 0; n < 9; n++) {
    await assert.rejects(client.request({ type: "fly" }), refusal("malformed"));
  }
  client.send({ type: "fly", id: "last" });
  assert.equal((await client.closed).code, 4005);
  await assert.rejects(Client.open(at.url, stranger), /429/);
  const own = await Client.open(at.url);
  for (let n = 0; n < 50; n++) {
    await assert.rejects(own.request({ type: "fly" }), refusal("malformed"));
  }
});

test("connections of one mesh are bounded, those of another are not touched", async () => {
  await using at = await startBroker({ connectionsPerMesh: 3 });
  const alice = await foundMesh(at.url);
  const carol = await foundMesh(at.url, "other");
  const held = [await alice.connect(), await alice.connect(), await alice.connect()];
  await assert.rejects(alice.connect(), /too many connections/);
  await (await carol.connect()).call("mesh.info", {});
  await held[0]?.close();
  const again = async (): Promise<Client> => alice.connect().catch(again);
  await (await again()).call("mesh.info", {});
});

test("with too much in memory nothing new is begun, and what is there goes on", async () => {
  let resident = 0;
  let now = Date.now();
  await using at = await startBroker({}, { residentBytes: () => resident, now: () => now });
  const alice = await foundMesh(at.url, "lab", () => now);
  const bob = await addMember(alice);
  const client = await alice.connect();
  const waiting = await Client.open(at.url);
  resident = 2 ** 40;
  now += 1_000;
  await assert.rejects(Client.open(at.url), /503/);
  await assert.rejects(waiting.call("mesh.create", {}), refusal("unavailable"));
  const ready = await fetch(`${at.url}/health/ready`);
  assert.deepEqual(await ready.json(), { ready: false, reasons: ["memory"] });
  await client.call("message.send", { envelope: alice.message(bob, "x") });
  resident = 0;
  now += 1_000;
  await (await Client.open(at.url)).close();
});

test("an operation has a rate of its own where it declares one or the operator gives it one", async () => {
  let now = Date.now();
  const rateOps = { "mesh.info": { perSecond: 1, burst: 2 } };
  await using at = await startBroker({ rateOps }, { now: () => now });
  const alice = await foundMesh(at.url, "lab", () => now);
  const client = await alice.connect();
  for (let n = 0; n < 2; n++) await client.call("mesh.info", {});
  await assert.rejects(client.call("mesh.info", {}), refusal("rate_limited"));
  await client.call("peer.list", {});
  now += 1_000;
  await client.call("mesh.info", {});
});

test("a storm of reconnects leaves one feed of the device and nothing behind", async () => {
  await using at = await startBroker({ helloMs: 600_000 });
  const alice = await foundMesh(at.url);
  const storm = Array.from({ length: 100 }, () => alice.connect("feed"));
  const feeds = await Promise.all(storm);
  const ends = feeds.map(({ closed }) => closed);
  const [live] = await Promise.all([
    feeds.find(({ socket }) => socket.readyState === socket.OPEN),
    Promise.race(ends),
  ]);
  assert.ok(live !== undefined);
  const newest = await alice.connect("feed");
  for (const { code } of await Promise.all(ends)) assert.equal(code, 4003);
  const text = await (await fetch(`${at.url}/metrics`)).text();
  assert.match(text, /claudemesh_connections\{kind="feed"\} 1\n/);
  await newest.close();
});

test("after a flood of connections that say nothing the places are free again", async () => {
  await using at = await startBroker({ anonymousPerAddress: 20 });
  const { port, metrics } = at.broker;
  const flood = await Promise.allSettled(Array.from({ length: 150 }, () => Client.open(at.url)));
  const open = flood.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  assert.ok(open.length >= 20 && (metrics.drops.get("too_many_connections") ?? 0) > 0);
  await Promise.all(open.map((client) => client.close()));
  const page = await sendRaw(
    port,
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
  );
  assert.equal(parseAnswer(page.whole).status, 200);
  // The other side may learn of the last close a moment later.
  const again = async (): Promise<unknown> => foundMesh(at.url).catch(again);
  await again();
});
