import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client, ClientEvent } from "@claudemesh/sdk";
import type { ScriptedConnection } from "../../packages/testkit/src/scripted-broker.ts";
import { memberOf, setup, statesOf, until } from "./support/setup.ts";

/** events that may wait for their reader; it has caught up when a quarter is left */
const most = 4_096;

const notice = (seq: number) => ({
  type: "event",
  kind: "notice",
  seq,
  id: `log-${seq}`,
  at: 0,
  body: { id: "msg_00000000-0000-7000-8000-000000000000", state: "expired" },
});

function send(connection: ScriptedConnection, from: number, to: number): void {
  for (let seq = from; seq <= to; seq += 1) connection.send(notice(seq));
}

const readerOf = (client: Client): AsyncIterator<ClientEvent> =>
  client.events()[Symbol.asyncIterator]();

async function take(reader: AsyncIterator<ClientEvent>, count: number): Promise<number[]> {
  const seqs: number[] = [];
  while (seqs.length < count) {
    const next = await reader.next();
    assert.ok(!next.done, "the feed ended");
    seqs.push(next.value.seq);
  }
  return seqs;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("events come in order, each once, across connections", async (t) => {
  const { broker, clock, client } = await setup(t);
  const member = client({ member: memberOf("feed") });
  const states = statesOf(member);
  const reader = readerOf(member);
  const first = await broker.connection();
  await first.greet();
  send(first, 1, 3);
  first.send({ type: "event", kind: "caught_up", seq: 3 });
  assert.deepEqual(await take(reader, 4), [1, 2, 3, 3]);
  first.close();
  clock.advance((await until(states, "waiting")).retryInMs);
  const second = await broker.connection();
  await second.greet({ from: "cursor" });
  send(second, 2, 5);
  assert.deepEqual(await take(reader, 2), [4, 5]);
});

test("in a new epoch positions begin anew", async (t) => {
  const { broker, clock, client } = await setup(t);
  const member = client({ member: memberOf("feed") });
  const states = statesOf(member);
  const reader = readerOf(member);
  const first = await broker.connection();
  await first.greet();
  send(first, 1, 3);
  assert.deepEqual(await take(reader, 1), [1]);
  first.close();
  const { retryInMs } = await until(states, "waiting");
  const stored = assert.rejects(member.acknowledge({ seq: 1 }), { code: "cursor_invalid" });
  clock.advance(retryInMs);
  const second = await broker.connection();
  await second.greet({ from: "new_epoch", position: { epoch: "e2", seq: 1 } });
  await stored;
  send(second, 2, 2);
  assert.deepEqual(await take(reader, 1), [2]);
});

test("an event that cannot be read keeps its place", async (t) => {
  const { broker, client } = await setup(t);
  const member = client({ member: memberOf("feed") });
  const reader = readerOf(member);
  const connection = await broker.connection();
  await connection.greet();
  connection.send({ ...notice(1), body: { id: "msg_x" } });
  connection.send({ ...notice(2), kind: "of_a_later_version" });
  send(connection, 2, 3);
  const bad = (await reader.next()).value;
  assert.equal(bad?.kind, "unreadable");
  assert.match(bad?.kind === "unreadable" ? bad.reason : "", /^body\.id: not a message id/);
  assert.deepEqual((await reader.next()).value.kind, "unreadable");
  assert.equal((await reader.next()).value.seq, 3);
});

test("there is one reader at a time, and leaving gives way to the next", async (t) => {
  const { broker, client } = await setup(t);
  const member = client({ member: memberOf("feed") });
  const connection = await broker.connection();
  await connection.greet();
  send(connection, 1, 2);
  for await (const event of member.events()) {
    assert.equal(event.seq, 1);
    assert.throws(() => member.events(), { code: "conflict" });
    break;
  }
  assert.deepEqual(await take(readerOf(member), 1), [2]);
});

test("a reader that is behind closes the connection, and resumes without a gap", async (t) => {
  const { broker, client } = await setup(t);
  let stored = 0;
  const member = client({ member: memberOf("feed", () => String(stored)) });
  const states = statesOf(member);
  const first = await broker.connection();
  await first.greet();
  send(first, 1, most + 88);
  const { reason, retryInMs } = await until(states, "waiting");
  assert.deepEqual([reason, retryInMs], ["the reader of events is behind", 0]);
  assert.equal((await first.closed).code, 4008);
  const reader = readerOf(member);
  const read = await take(reader, most * 0.75 - 1);
  stored = 300;
  read.push(...(await take(reader, 1)));
  const second = await broker.connection();
  assert.equal((await second.greet()).cursor, "300");
  send(second, 301, most + 88);
  read.push(...(await take(reader, most + 88 - read.length)));
  assert.deepEqual(read, range(1, most + 88));
});

test("a call of a reader that is behind is answered", async (t) => {
  const { broker, client } = await setup(t);
  const member = client({ member: memberOf("feed") });
  const states = statesOf(member);
  const first = await broker.connection();
  await first.greet();
  send(first, 1, most + 1);
  await until(states, "waiting");
  const reader = readerOf(member);
  const read = await take(reader, 1);
  const call = member.peer.list({});
  const second = await broker.connection();
  await second.greet();
  const asked = await second.next();
  // One place is free: the first repeated event goes there, the next finds the queue full again.
  send(second, most + 1, most + 8);
  second.reply(asked.id, { items: [] });
  assert.deepEqual(await call, { items: [] });
  assert.equal((await second.closed).code, 4008);
  read.push(...(await take(reader, most * 0.75)));
  const third = await broker.connection();
  await third.greet();
  send(third, 1, most + 8);
  read.push(...(await take(reader, most + 8 - read.length)));
  assert.deepEqual(read, range(1, most + 8));
});

test("calls under way finish before the feed is renewed, new ones wait for it", async (t) => {
  const { broker, client } = await setup(t);
  const member = client({ member: memberOf("feed") });
  const first = await broker.connection();
  await first.greet();
  const command = assert.rejects(member.message.send({} as never), { code: "no_recipient" });
  const sent = await first.next();
  send(first, 1, most + 88);
  // The answer to a query shows that all events before it have arrived.
  const query = member.peer.list({});
  first.reply((await first.next()).id, { items: [] });
  await query;
  const reader = readerOf(member);
  const read = await take(reader, most - 12);
  const late = member.peer.list({});
  first.refuse(sent.id, { code: "no_recipient" });
  await command;
  assert.equal((await first.closed).code, 4008);
  const second = await broker.connection();
  await second.greet();
  second.reply((await second.next()).id, { items: [] });
  await late;
  send(second, most - 11, most + 88);
  read.push(...(await take(reader, 100)));
  assert.deepEqual(read, range(1, most + 88));
});
