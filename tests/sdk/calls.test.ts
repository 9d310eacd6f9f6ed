import assert from "node:assert/strict";
import { test } from "node:test";
import type { InviteId, WireOpName } from "@claudemesh/protocol";
import { memberOf, type Setup, setup } from "./support/setup.ts";

const invite = "inv_00000000-0000-4000-8000-000000000000" as InviteId;

/** A connected anonymous client. */
async function connected({ broker, client }: Setup) {
  const caller = client();
  const connection = await broker.connection();
  connection.challenge();
  await caller.ready();
  return { caller, connection };
}

test("calls are answered by id, in any order", async (t) => {
  const { caller, connection } = await connected(await setup(t));
  const members = caller.member.list({});
  const peers = caller.call("peer.list", {});
  const first = await connection.next();
  const second = await connection.next();
  assert.deepEqual([first.op, second.op], ["member.list", "peer.list"]);
  assert.deepEqual(first.input, {});
  connection.reply(second.id, { items: [] });
  connection.reply("nobody's", { items: [1] });
  connection.reply(first.id, { items: [] });
  connection.reply(first.id, { items: [2] });
  assert.deepEqual(await Promise.all([members, peers]), [{ items: [] }, { items: [] }]);
});

test("the broker's error arrives whole", async (t) => {
  const { caller, connection } = await connected(await setup(t));
  const preview = caller.invite.preview({ invite });
  const error = { code: "not_found", message: "no such invite", hint: "ask", requestId: "req_1" };
  connection.refuse((await connection.next()).id, error);
  await assert.rejects(preview, error);
});

test("an answer that breaks the operation's form is malformed, and the client lives on", async (t) => {
  const { caller, connection } = await connected(await setup(t));
  for (const output of [undefined, null, 7, { items: [{ member: "x" }] }]) {
    const call = caller.peer.list({});
    connection.reply((await connection.next()).id, output);
    await assert.rejects(call, { code: "malformed", message: /answer to peer\.list is not valid/ });
  }
  const call = caller.peer.list({});
  connection.refuse((await connection.next()).id, { code: "of_a_later_version" });
  await assert.rejects(call, { code: "malformed", message: /not one that this version knows/ });
});

test("bad calls are refused here", async (t) => {
  const { caller } = await connected(await setup(t));
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const bad = (name: string, input: unknown) => caller.call(name as WireOpName, input as never);
  await assert.rejects(bad("message.send", cyclic), { code: "malformed" });
  await assert.rejects(bad("message.send", "x".repeat(600_000)), { code: "too_large" });
  await assert.rejects(bad("no.such", {}), { code: "not_found" });
  await assert.rejects(bad("mesh.list", {}), { code: "not_found" });
});

test("an answer that does not come is a timeout, in doubt for a command", async (t) => {
  const parts = await setup(t);
  const { caller, connection } = await connected(parts);
  const query = caller.call("peer.list", {}, { timeoutMs: 500 });
  const command = caller.call("message.send", {} as never, { timeoutMs: 500 });
  const [asked, sent] = [await connection.next(), await connection.next()];
  connection.send({ type: "progress", id: asked.id, done: 1 });
  // The reply to a third call proves that the progress has arrived: the connection is not silent.
  const third = caller.peer.list({});
  connection.reply((await connection.next()).id, { items: [] });
  await third;
  parts.clock.advance(500);
  await assert.rejects(query, { code: "timeout", detail: undefined });
  await assert.rejects(command, { code: "timeout", detail: { inDoubt: true } });
  assert.deepEqual(await connection.next(), { type: "cancel", id: asked.id });
  assert.deepEqual(await connection.next(), { type: "cancel", id: sent.id });
});

test("a call can be cancelled before and while it is under way", async (t) => {
  const { caller, connection } = await connected(await setup(t));
  await assert.rejects(caller.peer.list({}, { signal: AbortSignal.abort() }), {
    code: "cancelled",
  });
  const controller = new AbortController();
  const call = caller.peer.list({}, { signal: controller.signal });
  const { id } = await connection.next();
  controller.abort();
  await assert.rejects(call, { code: "cancelled" });
  assert.deepEqual(await connection.next(), { type: "cancel", id });
});

for (const op of ["peer.list", "message.send"] as const) {
  test(`${op} waits as long as a busy broker asks`, async (t) => {
    const parts = await setup(t);
    const { caller, connection } = await connected(parts);
    const call = caller.call(op, {} as never, { timeoutMs: 5_000 });
    const asked = await connection.next();
    const resting = parts.clock.armed(2_000);
    connection.refuse(asked.id, { code: "rate_limited", retryAfterMs: 2_000 });
    await resting;
    parts.clock.advance(2_000);
    assert.deepEqual(await connection.next(), asked);
    connection.refuse(asked.id, { code: "rate_limited", retryAfterMs: 3_000 });
    await assert.rejects(call, { code: "rate_limited" });
  });
}

test("too many calls at once are refused", async (t) => {
  const { client } = await setup(t);
  const caller = client();
  const calls = Array.from({ length: 4_096 }, () => caller.peer.list({}));
  await assert.rejects(caller.peer.list({}), { code: "rate_limited" });
  const all = Promise.allSettled(calls);
  const closed = caller.close();
  const codes = (await all).map((one) => one.status === "rejected" && one.reason.code);
  assert.deepEqual(new Set(codes), new Set(["cancelled"]));
  await closed;
});

test("acknowledging sends what is stored and answers the cursor", async (t) => {
  const { broker, client } = await setup(t);
  const feed = client({ member: memberOf("feed") });
  const connection = await broker.connection();
  await connection.greet();
  const stored = feed.acknowledge({ seq: 7 });
  const frame = await connection.next();
  assert.deepEqual(frame, { type: "receipt", id: frame.id, ack: 7, receipts: [] });
  connection.reply(frame.id, { cursor: "next", seq: 7 });
  assert.deepEqual(await stored, { cursor: "next", seq: 7 });
});

test("calls wait while the socket holds much unsent", async (t) => {
  const parts = await setup(t);
  let bufferedAmount = 2 * 1024 * 1024;
  const connect = (url: string) =>
    Object.defineProperty(new WebSocket(url), "bufferedAmount", { get: () => bufferedAmount });
  const caller = parts.client({ connect });
  const connection = await parts.broker.connection();
  connection.challenge();
  await caller.ready();
  const first = caller.peer.list({});
  parts.clock.advance(20);
  const controller = new AbortController();
  const dropped = caller.member.list({}, { signal: controller.signal });
  controller.abort();
  await assert.rejects(dropped, { code: "cancelled", detail: undefined });
  bufferedAmount = 0;
  parts.clock.advance(20);
  const { id, op } = await connection.next();
  assert.equal(op, "peer.list");
  connection.reply(id, { items: [] });
  await first;
});
