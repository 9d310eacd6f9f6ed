import assert from "node:assert/strict";
import { test } from "node:test";
import type { LinkState } from "@claudemesh/sdk";
import type { ScriptedConnection } from "../../packages/testkit/src/scripted-broker.ts";
import { memberOf, type Setup, setup, statesOf, until } from "./support/setup.ts";

/** Waits for the loss, lets the back-off pass, and greets on the next connection. */
async function again(
  { broker, clock }: Setup,
  states: AsyncIterator<LinkState>,
): Promise<ScriptedConnection> {
  clock.advance((await until(states, "waiting")).retryInMs);
  const connection = await broker.connection();
  await connection.greet();
  return connection;
}

test("calls wait for the first connection", async (t) => {
  const { broker, client } = await setup(t);
  const member = client({ member: memberOf("call") });
  const call = member.peer.list({});
  const connection = await broker.connection();
  await connection.greet();
  connection.reply((await connection.next()).id, { items: [] });
  assert.deepEqual(await call, { items: [] });
});

test("after a loss queries are repeated and commands are in doubt", async (t) => {
  const parts = await setup(t);
  const member = parts.client({ member: memberOf("call") });
  const states = statesOf(member);
  const first = await parts.broker.connection();
  await first.greet();
  await member.ready();
  const query = member.peer.list({});
  const command = assert.rejects(member.message.send({} as never), {
    code: "offline",
    detail: { url: parts.broker.url, inDoubt: true, ...lostDetail },
  });
  await first.next();
  await first.next();
  first.close();
  await command;
  const unsent = member.call("message.send", {} as never);
  const second = await again(parts, states);
  const repeated = [await second.next(), await second.next()];
  assert.deepEqual(repeated.map(({ op }) => op).sort(), ["message.send", "peer.list"]);
  for (const { id, op } of repeated) {
    if (op === "peer.list") second.reply(id, { items: [] });
    else second.refuse(id, { code: "no_recipient" });
  }
  assert.deepEqual(await query, { items: [] });
  await assert.rejects(unsent, { code: "no_recipient" });
});

const lostDetail = { reason: "the connection was lost (code 1006)", closeCode: 1006 };

test("the hello of each connection answers its own challenge and carries the newest cursor", async (t) => {
  const parts = await setup(t);
  let cursor = "one";
  const member = parts.client({ member: memberOf("feed", () => cursor) });
  const states = statesOf(member);
  const first = await parts.broker.connection();
  assert.equal((await first.greet()).cursor, "one");
  await member.ready();
  cursor = "two";
  first.close(1012);
  parts.clock.advance((await until(states, "waiting")).retryInMs);
  const second = await parts.broker.connection();
  const challenge = "C".repeat(43).replace(/.$/, "A");
  second.challenge({ challenge });
  const frame = await second.next();
  assert.equal(frame.cursor, "two");
  assert.equal((frame.hello as { challenge: string }).challenge, challenge);
});

for (const [code, error] of [
  [4001, "offline"],
  [4002, "not_member"],
  [4003, "offline"],
  [4010, "upgrade_required"],
  [4011, "log_mismatch"],
] as const) {
  test(`a close with ${code} ends the client with ${error}`, async (t) => {
    const { broker, client } = await setup(t);
    const member = client({ member: memberOf("feed") });
    const connection = await broker.connection();
    await connection.greet();
    await member.ready();
    const call = assert.rejects(member.peer.list({}), { code: error });
    await connection.next();
    connection.close(code);
    await call;
    for await (const _ of member.events()) assert.fail("no event was sent");
    await assert.rejects(member.acknowledge({}), { code: error });
    await until(statesOf(member), "closed");
  });
}

test("the wait grows with each failure and begins anew after a good connection", async (t) => {
  const parts = await setup(t);
  const most = () => Uint8Array.of(255, 255, 255, 255);
  const member = parts.client({ member: memberOf("call"), random: most });
  const states = statesOf(member);
  const waits: number[] = [];
  const fail = async (): Promise<void> => {
    const connection = await parts.broker.connection();
    connection.close(1013);
    const { retryInMs } = await until(states, "waiting");
    waits.push(retryInMs);
    parts.clock.advance(retryInMs);
  };
  for (let failures = 0; failures < 9; failures += 1) await fail();
  assert.deepEqual(waits, [249, 499, 999, 1999, 3999, 7999, 15999, 29999, 29999]);
  const good = await parts.broker.connection();
  await good.greet();
  await member.ready();
  parts.clock.advance(5_000);
  good.close(1012);
  assert.equal((await until(states, "waiting")).retryInMs, 249);
});

test("an anonymous connection that the broker ends as idle comes back with the next call", async (t) => {
  const { broker, client } = await setup(t);
  const anonymous = client();
  const states = statesOf(anonymous);
  const first = await broker.connection();
  first.challenge();
  await anonymous.ready();
  first.close(4009);
  const { reason, retryInMs } = await until(states, "waiting");
  assert.deepEqual([reason, retryInMs], ["idle", 0]);
  const call = anonymous.peer.list({});
  const second = await broker.connection();
  second.challenge();
  second.reply((await second.next()).id, { items: [] });
  assert.deepEqual(await call, { items: [] });
  second.close(4009);
  assert.equal((await until(states, "waiting")).reason, "idle");
  const challenge = anonymous.challenge();
  (await broker.connection()).challenge();
  assert.equal(await challenge, "A".repeat(43));
});

test("without reconnect the first loss is the end", async (t) => {
  const { broker, client } = await setup(t);
  const member = client({ member: memberOf("call"), reconnect: false });
  const connection = await broker.connection();
  await connection.greet();
  await member.ready();
  connection.close(1012);
  const { reason } = await until(statesOf(member), "closed");
  assert.equal(reason, `${broker.url}: the broker restarts`);
  await assert.rejects(member.peer.list({}), { code: "offline", message: reason });
});

test("draining waits for what is under way, takes nothing new, and closes", async (t) => {
  const { broker, client } = await setup(t);
  const member = client({ member: memberOf("call") });
  const connection = await broker.connection();
  await connection.greet();
  const call = member.peer.list({});
  const { id } = await connection.next();
  const drained = Promise.all([member.drain(), member.drain()]);
  await assert.rejects(member.peer.list({}), { code: "cancelled" });
  connection.reply(id, { items: [] });
  assert.deepEqual(await call, { items: [] });
  await drained;
  assert.equal((await connection.closed).code, 1000);
});

test("closing cancels what is under way and leaves no alarm behind", async (t) => {
  const { broker, clock, client } = await setup(t);
  const member = client({ member: memberOf("feed") });
  const connection = await broker.connection();
  await connection.greet();
  await member.ready();
  const events = member.events()[Symbol.asyncIterator]();
  const event = events.next();
  const call = assert.rejects(member.message.send({} as never), {
    code: "cancelled",
    detail: { inDoubt: true },
  });
  await connection.next();
  await member[Symbol.asyncDispose]();
  await call;
  assert.equal((await event).done, true);
  assert.equal(clock.pending, 0);
  await member.close();
});
