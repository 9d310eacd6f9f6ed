import assert from "node:assert/strict";
import { test } from "node:test";
import { newDeviceId, systemRandom } from "@claudemesh/crypto";
import { startBroker } from "./support/broker.ts";
import { Client, refusal } from "./support/client.ts";
import { addMember, foundMesh } from "./support/member.ts";
import { HeldTimer } from "./support/time.ts";

/** Of no other wait of a broker. */
const helloMs = 9_999;

test("a hello is welcomed with the mesh's heads, by every name that the broker answers to", async () => {
  await using at = await startBroker({ publicUrl: "https://mesh.example.org" });
  const alice = await foundMesh(at.url);
  const port = at.broker.port;
  for (const host of [
    `localhost:${port}`,
    `[::1]:${port}`,
    "mesh.example.org",
    "mesh.example.org:443",
  ]) {
    const { answer, client } = await alice.greet("call", { host });
    assert.equal(answer.type, "welcome", host);
    assert.deepEqual(answer.roster, alice.roster.head);
    await client.close();
  }
});

test("a relayed, replayed or late hello is refused by name", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const other = await Client.open(at.url);
  const skewed = Date.now() - 120_000;
  const cases = [
    [{ host: "evil.example:7900" }, "wrong_host"],
    [{ challenge: other.challenge }, "unauthorized"],
    [{ at: skewed }, "clock_skew"],
  ] as const;
  for (const [change, code] of cases) {
    const { answer, client } = await alice.greet("feed", change);
    assert.equal(answer.id, "hello");
    assert.equal(answer.error?.code, code);
    assert.equal((await client.closed).code, 4004);
    if (code === "clock_skew") assert.equal(typeof answer.error?.detail?.serverTime, "number");
  }
});

test("a hello that was altered does not verify", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const client = await Client.open(at.url);
  const frame = alice.helloFrame(client, "feed");
  client.send({ ...frame, hello: { ...frame.hello, device: newDeviceId(systemRandom) } });
  const answer = await client.find(({ type }) => type === "reply");
  assert.equal(answer.error?.code, "bad_signature");
});

test("another protocol version is told what is spoken, whatever else its hello holds", async () => {
  await using at = await startBroker();
  const client = await Client.open(at.url);
  client.send({ type: "hello", hello: { v: 9, protocol: 99 } });
  const answer = await client.find(({ type }) => type === "reply");
  assert.equal(answer.error?.code, "upgrade_required");
  assert.equal(answer.error?.detail?.current, 1);
  assert.equal((await client.closed).code, 4010);
});

test("a stranger and an unknown mesh are refused", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  await using elsewhere = await startBroker();
  const far = await foundMesh(elsewhere.url);
  const stranger = Object.assign(Object.create(Object.getPrototypeOf(far)), far, { url: at.url });
  const { answer, client } = await stranger.greet("call");
  assert.equal(answer.error?.code, "not_found");
  assert.equal((await client.closed).code, 4004);
  const bob = await addMember(alice);
  const forged = Object.assign(Object.create(Object.getPrototypeOf(bob)), bob, { id: alice.id });
  const second = await forged.greet("call");
  assert.equal(second.answer.error?.code, "bad_signature");
});

test("without a hello only public operations are answered, and the connection is closed in time", async () => {
  const timer = new HeldTimer(helloMs);
  await using at = await startBroker({ helloMs }, { timer });
  const client = await Client.open(at.url);
  await assert.rejects(client.call("mesh.info", {}), refusal("unauthorized"));
  await assert.rejects(client.call("mesh.fly", {}), refusal("upgrade_required"));
  await assert.rejects(client.request({ type: "receipt", receipts: [] }), refusal("unauthorized"));
  timer.pass();
  assert.equal((await client.closed).code, 4009);
});

test("pages of other sites are refused before a connection is made", async () => {
  await using at = await startBroker({ origins: ["https://app.example.org"] });
  await assert.rejects(Client.open(at.url, { origin: "https://evil.example" }), /refused with 403/);
  await assert.rejects(
    Client.open(at.url, { headers: { host: "evil.example" } }),
    /refused with 401/,
  );
  for (const origin of ["https://app.example.org", at.url]) {
    const client = await Client.open(at.url, { origin });
    await client.close();
  }
});

test("connections that have not said who they are are few per address, and of one member bounded", async () => {
  await using at = await startBroker({ anonymousPerAddress: 2, connectionsPerMember: 2 });
  const alice = await foundMesh(at.url);
  const first = await Client.open(at.url);
  await Client.open(at.url);
  await assert.rejects(Client.open(at.url), /refused with 429/);
  first.send(alice.helloFrame(first, "call"));
  await first.find(({ type }) => type === "welcome");
  await alice.connect();
  const { answer, client } = await alice.greet("call");
  assert.equal(answer.error?.code, "rate_limited");
  assert.equal((await client.closed).code, 1013);
});

test("a newer feed of a device takes over; another device's and calls stay", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const call = await alice.connect("call");
  const older = await alice.connect("feed");
  const { client: second } = await alice.greet("feed", { device: newDeviceId(systemRandom) });
  const newer = await alice.connect("feed");
  assert.equal((await older.closed).code, 4003);
  for (const client of [call, second, newer]) await client.call("mesh.info", {});
});

test("a silent peer is asked, and ended when it does not answer", async () => {
  await using at = await startBroker({ pingMs: 40, deadPeerMs: 80 });
  const client = await Client.open(at.url, { autoPong: false });
  assert.equal((await client.closed).code, 1006);
});

test("a peer that answers is asked again and again", async () => {
  await using at = await startBroker({ pingMs: 40, deadPeerMs: 60_000 });
  const alive = await Client.open(at.url);
  await new Promise((resolve) => alive.socket.once("ping", resolve));
  await new Promise((resolve) => alive.socket.once("ping", resolve));
  await alive.close();
});
