import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { startBroker } from "./support/broker.ts";
import { Client, refusal } from "./support/client.ts";
import { addMember, foundMesh } from "./support/member.ts";

test("a member's messages are limited, told when to come again, and each kind has its own limit", async () => {
  let now = Date.now();
  const rateMessage = { perSecond: 10, burst: 3 };
  await using at = await startBroker({ rateMessage }, { now: () => now });
  const alice = await foundMesh(at.url, "lab", () => now);
  const bob = await addMember(alice);
  bob.now = () => now;
  const [client, other, bobs] = [await alice.connect(), await alice.connect(), await bob.connect()];
  const send = (by: Client) => by.call("message.send", { envelope: alice.message(bob, "x") });
  for (const by of [client, other, client]) await send(by);
  await assert.rejects(send(other), (error: unknown) => {
    assert.ok(error instanceof MeshError && error.code === "rate_limited");
    assert.equal(error.retryAfterMs, 100);
    return true;
  });
  await client.call("mesh.info", {});
  await bobs.call("message.send", { envelope: bob.message(alice, "y") });
  now += 100;
  await send(client);
});

test("public operations are limited by address", async () => {
  const now = Date.now();
  await using at = await startBroker({ rateJoin: { perSecond: 1, burst: 2 } }, { now: () => now });
  await foundMesh(at.url);
  const invite = "inv_00000000-0000-8000-8000-000000000000";
  const [one, two] = [await Client.open(at.url), await Client.open(at.url)];
  await assert.rejects(one.call("invite.preview", { invite }), refusal("not_found"));
  await assert.rejects(two.call("invite.preview", { invite }), refusal("rate_limited"));
});

test("a frame over the limit ends the connection, a bad one is answered where its id can be told", async () => {
  await using at = await startBroker({ frameBytes: 10_000 });
  const client = await Client.open(at.url);
  await assert.rejects(
    client.request({ type: "call", op: "mesh.info", input: {} }),
    refusal("unauthorized"),
  );
  await assert.rejects(client.request({ type: "fly" }), refusal("malformed"));
  await assert.rejects(client.request({ type: "call", op: 7 }), refusal("malformed"));
  client.send("x".repeat(10_001));
  assert.equal((await client.closed).code, 1009);
  const garbled = await Client.open(at.url);
  garbled.send("{");
  assert.equal((await garbled.closed).code, 4005);
});

test("calls beyond the bound wait their turn and are all answered", async () => {
  await using at = await startBroker({ callsInFlight: 4 });
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const client = await alice.connect();
  const sends = Array.from({ length: 300 }, () =>
    client.call("message.send", { envelope: alice.message(bob, "x") }),
  );
  const seqs = (await Promise.all(sends)).map(({ seq }) => seq as number);
  assert.deepEqual(
    seqs,
    [...seqs].sort((a, b) => a - b),
  );
});
