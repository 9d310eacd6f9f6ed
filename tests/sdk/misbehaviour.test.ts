import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScriptedConnection } from "../../packages/testkit/src/scripted-broker.ts";
import { memberOf, setup, statesOf, until } from "./support/setup.ts";

type Act = (connection: ScriptedConnection) => void;

const caughtUp = { type: "event", kind: "caught_up", seq: 0 };
const breaches: readonly (readonly [string, "before hello" | "before welcome" | "open", Act])[] = [
  ["text that is not JSON", "before hello", (c) => c.send("{")],
  ["half a frame", "open", (c) => c.send('{"type":"reply","id":"c1","out')],
  ["JSON that is not an object", "open", (c) => c.send("null")],
  ["bytes", "open", (c) => c.send(Uint8Array.of(1, 2, 3))],
  ["a frame without a type", "open", (c) => c.send({})],
  ["a welcome before the hello", "before hello", (c) => c.welcome()],
  ["an event before the welcome", "before welcome", (c) => c.send(caughtUp)],
  ["a second challenge", "before welcome", (c) => c.challenge()],
  ["a late challenge", "open", (c) => c.challenge()],
  ["a second welcome", "open", (c) => c.welcome()],
  ["a bad challenge", "before hello", (c) => c.challenge({ challenge: "short" })],
  ["a bad welcome", "before welcome", (c) => c.welcome({ position: 7 })],
  [
    "another mesh's welcome",
    "before welcome",
    (c) => c.welcome({ mesh: `mesh_${"9".repeat(64)}` }),
  ],
  ["an output for the hello", "before welcome", (c) => c.reply("hello", {})],
  ["a reply without id", "open", (c) => c.reply(undefined, {})],
  ["an event without position", "open", (c) => c.send({ type: "event", kind: "message" })],
  ["a position that is none", "open", (c) => c.send({ ...caughtUp, seq: "1" })],
  ["bad progress", "open", (c) => c.send({ type: "progress", id: 1 })],
];

for (const [what, when, act] of breaches) {
  test(`${what} ${when === "open" ? "" : `${when} `}ends the connection, not the client`, async (t) => {
    const { broker, clock, client } = await setup(t);
    const member = client({ member: memberOf("feed") });
    const states = statesOf(member);
    const bad = await broker.connection();
    if (when !== "before hello") {
      bad.challenge();
      await bad.next();
    }
    if (when === "open") {
      bad.welcome();
      await member.ready();
    }
    act(bad);
    const waiting = await until(states, "waiting");
    assert.match(waiting.reason, /^http:\S+: the broker sent /);
    assert.equal((await bad.closed).code, 4005);
    clock.advance(waiting.retryInMs);
    const good = await broker.connection();
    await good.greet();
    await until(states, "open");
    const call = member.peer.list({});
    good.reply((await good.next()).id, { items: [] });
    assert.deepEqual(await call, { items: [] });
  });
}

test("frames of a later broker are passed over", async (t) => {
  const { broker, client } = await setup(t);
  const member = client({ member: memberOf("feed") });
  const connection = await broker.connection();
  await connection.greet();
  connection.send({ type: "weather", sky: "grey" });
  connection.send({ type: "event", kind: "typing", member: "mbr_1" });
  connection.send({ type: "event", kind: "caught_up", seq: 3, later: true });
  for await (const event of member.events()) {
    assert.deepEqual(event, { type: "event", kind: "caught_up", seq: 3 });
    break;
  }
});

for (const stage of ["challenge", "welcome"] as const) {
  test(`a broker that sends no ${stage} is given up in time`, async (t) => {
    const { broker, clock, client } = await setup(t);
    const member = client({ member: memberOf("call"), connectTimeoutMs: 700 });
    const states = statesOf(member);
    const connection = await broker.connection();
    if (stage === "welcome") {
      connection.challenge();
      await connection.next();
    }
    clock.advance(700);
    const { reason } = await until(states, "waiting");
    assert.match(reason, new RegExp(`no ${stage} within 700 ms$`));
  });
}

test("a silent feed is probed, and kept while the probe is answered", async (t) => {
  const { broker, clock, client } = await setup(t);
  const member = client({ member: memberOf("feed") });
  const states = statesOf(member);
  const connection = await broker.connection();
  await connection.greet();
  await until(states, "open");
  clock.advance(12_000);
  const probe = await connection.next();
  assert.deepEqual(probe, { type: "receipt", id: "probe", receipts: [] });
  connection.reply(probe.id, { cursor: "c", seq: 0 });
  const call = member.peer.list({});
  connection.reply((await connection.next()).id, { items: [] });
  await call;
  clock.advance(12_000);
  assert.equal((await connection.next()).id, "probe");
  clock.advance(8_000);
  assert.match((await until(states, "waiting")).reason, /the broker stopped answering$/);
});

test("a call that meets silence gives up the connection too", async (t) => {
  const { broker, clock, client } = await setup(t);
  const member = client({ member: memberOf("call") });
  const states = statesOf(member);
  const connection = await broker.connection();
  await connection.greet();
  await until(states, "open");
  const call = assert.rejects(member.peer.list({}, { timeoutMs: 900 }), { code: "timeout" });
  await connection.next();
  clock.advance(900);
  await call;
  await until(states, "waiting");
});
