import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyHello } from "@claudemesh/crypto";
import { HelloFrame, MeshError } from "@claudemesh/protocol";
import { memberOf, setup, statesOf, until } from "./support/setup.ts";

test("a member says a hello that verifies for this connection and host", async (t) => {
  const { broker, clock, client } = await setup(t);
  const feed = client({ member: memberOf("feed", () => "kept"), client: "test/1" });
  const connection = await broker.connection();
  const frame = HelloFrame.parse(await connection.greet());
  assert.equal(connection.path, "/v1/ws");
  assert.equal(frame.cursor, "kept");
  assert.equal(frame.client, "test/1");
  const host = `127.0.0.1:${broker.port}`;
  assert.equal(feed.host, host);
  const challenge = await feed.challenge();
  verifyHello(frame.hello, { hosts: [host], challenge, now: clock.now() });
  assert.equal((await feed.ready())?.position.epoch, "e1");
});

test("without a member the challenge is enough", async (t) => {
  const { broker, client } = await setup(t);
  const anonymous = client();
  (await broker.connection()).challenge({ challenge: `${"B".repeat(42)}A` });
  assert.equal(await anonymous.ready(), undefined);
  assert.equal(await anonymous.challenge(), `${"B".repeat(42)}A`);
});

test("a refused hello ends the client with the broker's own error", async (t) => {
  const { broker, client } = await setup(t);
  const member = client({ member: memberOf("call") });
  const ready = assert.rejects(member.ready(), { code: "not_member", message: "unknown key" });
  const connection = await broker.connection();
  connection.challenge();
  await connection.next();
  connection.refuse("hello", { code: "not_member", message: "unknown key" });
  connection.close(4004);
  await ready;
  await assert.rejects(member.mesh.info({}), { code: "not_member" });
  await assert.rejects(member.challenge(), { code: "not_member" });
  const states = statesOf(member);
  assert.deepEqual(await states.next(), {
    done: false,
    value: { link: "closed", reason: "unknown key" },
  });
  assert.equal((await states.next()).done, true);
});

for (const [error, close, why] of [
  [{ code: "unavailable" }, 4004, "the error says later"],
  [{ code: "wrong_host" }, 1012, "the close code says reconnect"],
] as const) {
  test(`a refused hello is repeated when ${why}`, async (t) => {
    const { broker, clock, client } = await setup(t);
    const member = client({ member: memberOf("call") });
    const states = statesOf(member);
    const first = await broker.connection();
    first.challenge();
    await first.next();
    first.refuse("hello", error);
    first.close(close);
    clock.advance((await until(states, "waiting")).retryInMs);
    await (await broker.connection()).greet();
    assert.equal((await member.ready())?.headSeq, 0);
  });
}

test("a broker that refuses and does not close is left", async (t) => {
  const { broker, clock, client } = await setup(t);
  const member = client({ member: memberOf("call") });
  const connection = await broker.connection();
  connection.challenge();
  await connection.next();
  const refused = clock.armed(1_000);
  connection.refuse("hello", { code: "revoked" });
  await refused;
  clock.advance(1_000);
  await assert.rejects(member.ready(), { code: "revoked" });
  assert.equal((await connection.closed).code, 1000);
});

test("what the signer or the cursor throws ends the client", async (t) => {
  const { broker, client } = await setup(t);
  const cursor = () => {
    throw new MeshError("home_damaged", "no cursor");
  };
  const damaged = client({ member: memberOf("feed", cursor) });
  (await broker.connection()).challenge();
  await assert.rejects(damaged.ready(), { code: "home_damaged" });
  const sign = () => {
    throw new TypeError("no key");
  };
  const keyless = client({ member: { ...memberOf("feed"), sign } });
  (await broker.connection()).challenge();
  await assert.rejects(keyless.ready(), { code: "internal" });
});

test("a broker of other protocol versions is refused, naming both sides", async (t) => {
  const { broker, client } = await setup(t);
  const newer = client({ member: memberOf("call") });
  (await broker.connection()).challenge({ protocol: { current: 9, min: 7 } });
  await assert.rejects(newer.ready(), (error: MeshError) => {
    assert.equal(error.code, "upgrade_required");
    assert.match(error.message, /versions 7 to 9, this program 1 to 1; upgrade this program$/);
    return true;
  });
  const older = client();
  (await broker.connection()).challenge({ protocol: { current: 0, min: 0 } });
  await assert.rejects(older.ready(), { code: "upgrade_required", message: /upgrade the broker$/ });
});
