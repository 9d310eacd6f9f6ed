import assert from "node:assert/strict";
import { test } from "node:test";
import { openDirect, ready, systemRandom } from "@claudemesh/crypto";
import { SignalBox } from "@claudemesh/crypto/signal-box";
import type { Envelope, MeshId } from "@claudemesh/protocol";
import { NatsBus } from "../../apps/broker/src/bus/nats.ts";
import { systemTimer } from "../../apps/broker/src/timer.ts";
import { NatsServer, withoutNats } from "../../packages/testkit/src/cluster/nats-server.ts";
import type { Client } from "../broker/support/client.ts";
import { addMember, foundMesh } from "../broker/support/member.ts";
import { TestSession } from "../broker/support/session.ts";
import { cluster, skip } from "../store/postgres-cluster.ts";
import { Stranger } from "./stranger.ts";
import { atNode, feedOf, sessionsAt, TwoNodes, until } from "./two-nodes.ts";

const running = cluster();
const timeout = 240_000;
const mesh = `mesh_${"7".repeat(64)}` as MeshId;

/** A node's end of the bus, what it hears there, and what its operator is told. */
async function nodeAt(nats: NatsServer, secret: Uint8Array) {
  const lines: string[] = [];
  const bus = NatsBus.open({
    ...{ url: `nats://127.0.0.1:${nats.port}`, credentials: undefined, secret },
    ...{ random: systemRandom, now: Date.now, timer: systemTimer },
    log: (event, cause) => lines.push(`${event}: ${cause}`),
  });
  const heard: string[] = [];
  for (const subject of ["*.head", "*.peer", "nodes.presence"]) {
    bus.subscribe(subject, (payload, at) => heard.push(`${at} ${payload}`));
  }
  await until(
    async () => bus.isUp,
    (isUp) => isUp,
  );
  return { bus, heard, lines };
}

test("who reaches the nats-server without the nodes' keys reads nothing there, and nothing that it says is heard", {
  skip: withoutNats(),
  timeout,
}, async () => {
  await ready();
  await using nats = await NatsServer.start();
  const secret = systemRandom(32);
  const [one, two] = [await nodeAt(nats, secret), await nodeAt(nats, secret)];
  try {
    await using stranger = await Stranger.at(nats);
    // What is told before the server knows of the other is not told.
    await until(
      async () => {
        one.bus.publish(`${mesh}.peer`, "there");
        return two.heard.length;
      },
      (count) => count > 0,
    );
    one.bus.publish(`${mesh}.head`, "what alice wrote to bob");
    one.bus.publish("nodes.presence", "where alice is");
    const told = () => two.heard.filter((text) => !text.endsWith("there"));
    await until(
      async () => told().length,
      (count) => count === 2,
    );
    await until(
      async () => stranger.heard.length,
      () => stranger.heard.some(({ subject }) => subject.endsWith("nodes.presence")),
    );
    const [head] = stranger.heard.filter(({ subject }) => subject.endsWith(`${mesh}.head`));
    const [presence] = stranger.heard.filter(({ subject }) => subject.endsWith("nodes.presence"));
    assert.ok(head && presence);
    for (const { data } of stranger.heard) {
      assert.doesNotMatch(Buffer.from(data).toString("latin1"), /alice|there/);
    }

    const before = two.bus.counts.refused;
    const others = new SignalBox({ secret: systemRandom(32), random: systemRandom, now: Date.now });
    const changed = (at: number) =>
      head.data.map((byte, place) => (place === at ? byte ^ 1 : byte));
    const lies: [string, Uint8Array | string][] = [
      [presence.subject, JSON.stringify({ node: "node_x", told: 1, rows: [] })],
      [head.subject, ""],
      [head.subject, head.data],
      [head.subject, head.data],
      [presence.subject, presence.data],
      [presence.subject, head.data],
      [head.subject.replace(".head", ".peer"), head.data],
      [head.subject.replace(mesh, mesh.replaceAll("7", "8")), head.data],
      [head.subject, others.seal(`${mesh}.head`, "forged")],
      [head.subject, systemRandom(5_000)],
      ...[0, 1, 24, 40, head.data.length - 1].map((at): [string, Uint8Array] => [
        head.subject,
        changed(at),
      ]),
      ...[1, 24, 25, 49, head.data.length - 1].map((at): [string, Uint8Array] => [
        head.subject,
        head.data.slice(0, at),
      ]),
    ];
    for (const [subject, data] of lies) stranger.say(subject, data);
    await stranger.done();
    one.bus.publish(`${mesh}.head`, "and more");
    await until(
      async () => told().length,
      (count) => count > 2,
    );
    assert.deepEqual(told(), [
      `${mesh}.head what alice wrote to bob`,
      "nodes.presence where alice is",
      `${mesh}.head and more`,
    ]);
    assert.equal(two.bus.counts.refused - before, lies.length);
    assert.equal(two.lines.length, 1, "one line for many");
    assert.match(two.lines[0] ?? "", /^signals not taken: 1: bad_signature/);
  } finally {
    await one.bus.close();
    await two.bus.close();
  }
});

const textsOf = (client: Client, opener: Parameters<typeof openDirect>[1]): string[] =>
  client.frames.flatMap(({ kind, body }) =>
    kind === "message" ? [openDirect(body as Envelope, opener).text] : [],
  );

test("two nodes are one broker also where a stranger repeats, cuts and misplaces all that they say", {
  skip: skip || withoutNats(),
  timeout,
}, async () => {
  await using nats = await NatsServer.start();
  await using nodes = await TwoNodes.start(running(), `nats://127.0.0.1:${nats.port}`);
  const up = async ({ url }: { url: string }) =>
    await until(
      async () => (await (await fetch(`${url}/health/ready`)).json()).degraded,
      (degraded) => degraded === undefined,
    );
  await Promise.all([up(nodes.one), up(nodes.two)]);
  await using stranger = await Stranger.at(nats);
  stranger.answer = ({ subject, data }) => {
    stranger.say(subject, data);
    stranger.say(subject, data.slice(0, -1));
    stranger.say(subject.replace(/\.[a-z]+$/, ".peer"), data);
    const { subject: other } = stranger.heard[0] ?? { subject };
    stranger.say(other, data);
  };

  const alice = await foundMesh(nodes.one.url);
  const bob = atNode(await addMember(alice, "bob"), nodes.two);
  const [feed, his] = [await feedOf(alice), await feedOf(bob)];
  const session = new TestSession(bob);
  await session.attach(his);
  await feed.find(({ kind }) => kind === "peer_joined");
  const count = 30;
  const sent: string[] = [];
  for (let n = 1; n <= count; n += 1) {
    sent.push(`message ${n}`);
    await feed.call("message.send", { envelope: alice.message(bob, `message ${n}`) });
  }
  await until(
    async () => textsOf(his, bob.secret.opener).length,
    (length) => length >= count,
  );
  await his.call("message.send", { envelope: bob.message(alice, "all read") });
  await until(
    async () => textsOf(feed, alice.secret.opener).length,
    (length) => length >= 1,
  );
  assert.deepEqual(textsOf(his, bob.secret.opener), sent);
  assert.deepEqual(textsOf(feed, alice.secret.opener), ["all read"]);
  assert.equal(feed.frames.filter(({ kind }) => kind === "peer_joined").length, 1);
  assert.deepEqual(await sessionsAt(feed), [session.id]);
  const page = await (await fetch(`${nodes.two.url}/metrics`)).text();
  const refused = Number(/^claudemesh_bus_refused_total (\d+)$/m.exec(page)?.[1]);
  assert.ok(refused > count, String(refused));
});
