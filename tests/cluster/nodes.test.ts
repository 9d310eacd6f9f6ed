import assert from "node:assert/strict";
import { test } from "node:test";
import { AuditWalk, openDirect } from "@claudemesh/crypto";
import type { AuditHead, AuditRow, Envelope, RosterEntry, WirePeer } from "@claudemesh/protocol";
import { NatsServer, withoutNats } from "../../packages/testkit/src/cluster/nats-server.ts";
import { removalOf } from "../authorization/ready.ts";
import { Client, refusal } from "../broker/support/client.ts";
import { addMember, foundMesh, type TestMember } from "../broker/support/member.ts";
import { TestSession } from "../broker/support/session.ts";
import { EventStream } from "../rest/event-stream.ts";
import { drawKey } from "../rest/rest-world.ts";
import { cluster, skip } from "../store/postgres-cluster.ts";
import { atNode, feedOf, sessionsAt, TwoNodes, until } from "./two-nodes.ts";

interface MemberSeen {
  readonly member: string;
  readonly connections: number;
}

const running = cluster();
const bound = { skip, timeout: 240_000 };

const peersOf = async (client: Client): Promise<WirePeer[]> =>
  (await client.call("peer.list", {})).items as WirePeer[];

const told = (client: Client, what: string): number =>
  client.frames.filter(({ kind }) => kind === what).length;

const message = (client: Client, text: string, opener: Parameters<typeof openDirect>[1]) =>
  client.find(({ kind, body }) => kind === "message" && opens(body as Envelope, opener) === text);

function opens(envelope: Envelope, opener: Parameters<typeof openDirect>[1]): string | undefined {
  try {
    return openDirect(envelope, opener).text;
  } catch {
    return undefined;
  }
}

/** Everything that members at two nodes do to each other. */
async function together(nodes: TwoNodes): Promise<void> {
  const { one, two } = nodes;
  const alice = await foundMesh(one.url);
  const bob = atNode(await addMember(alice, "bob"), two);
  const [feed, his] = [await feedOf(alice), await feedOf(bob)];

  // What is sent at one node is received at the other.
  const opener = bob.secret.opener;
  await feed.call("message.send", { envelope: alice.message(bob, "over there") });
  await message(his, "over there", opener);
  await his.call("message.send", { envelope: bob.message(alice, "and back") });
  await message(feed, "and back", alice.secret.opener);

  // Presence is the same at both.
  const session = new TestSession(bob);
  await session.attach(his);
  await feed.find(({ kind }) => kind === "peer_joined");
  await until(
    () => sessionsAt(feed),
    (found) => found.includes(session.id),
  );
  const status = { status: "working", source: "hook", at: Date.now() } as const;
  await his.call("status.set", { session: session.id, status });
  await until(
    () => peersOf(feed),
    (peers) => peers.some((peer) => peer.session?.info.status.status === "working"),
  );
  await feed.call("message.send", { envelope: session.message(alice, "to the session") });
  await message(his, "to the session", session.opener);
  assert.equal((await feed.call("mesh.info", {})).online, 2);
  await feed.call("topic.typing", { member: bob.id });
  await his.find(({ kind }) => kind === "typing");

  // A session that moves to the other node neither leaves nor comes.
  const moved = atNode(bob, one);
  const there = await feedOf(moved);
  const again = Object.assign(new TestSession(moved), {
    id: session.id,
    signer: session.signer,
    opener: session.opener,
  });
  assert.equal((await again.attach(there)).returned, true);
  await his.close();
  await until(
    () => sessionsAt(feed),
    (found) => found.join() === session.id,
  );
  assert.equal(told(feed, "peer_left"), 0);
  assert.equal(told(feed, "peer_joined"), 1);

  // Whoever is disconnected or kicked at one node loses its connections to the other.
  const asAlice = await atNode(alice, two).connect();
  await until(
    async () => (await asAlice.call("member.list", {})).items as MemberSeen[],
    (items) => items.some(({ member, connections }) => member === bob.id && connections === 1),
  );
  const disconnected = await asAlice.call("member.disconnect", { members: [bob.id] });
  assert.deepEqual(disconnected.items, [{ member: bob.id, connections: 1 }]);
  assert.equal((await there.closed).code, 1000);
  const back = await feedOf(moved);
  await again.attach(back);
  await asAlice.call("member.kick", { members: [bob.id] });
  assert.equal((await back.closed).code, 4001);
  await feed.find(({ kind }) => kind === "peer_left");
  await until(
    () => sessionsAt(asAlice),
    (found) => found.length === 0,
  );

  // An API key that is revoked at one node stops at once at the other.
  const key = drawKey();
  await feed.call("apikey.create", key.input);
  const stream = await EventStream.open(`${two.url}/v1/events`, key.secret);
  assert.equal(stream.status, 200);
  await until(
    () => peersOf(feed),
    (peers) => peers.some((peer) => peer.key?.id === key.id),
  );
  await feed.call("apikey.revoke", { id: key.id });
  while ((await stream.next()) !== undefined);

  // A device link goes on whichever node its two sides ask.
  const opened = await Client.open(one.url);
  const entered = await Client.open(two.url);
  const { code, token } = await opened.call("mailbox.open", {});
  const place = await entered.call("mailbox.enter", { code });
  const part = { part: 0, data: "c2VhbGVk" };
  assert.deepEqual(await entered.call("mailbox.put", { token: place.token, ...part }), {
    kept: true,
  });
  const taken = await opened.call("mailbox.take", { token, part: 0, waitMs: 20_000 });
  assert.deepEqual(taken, { data: part.data });
  const waiting = entered.call("mailbox.take", { token: place.token, part: 0, waitMs: 20_000 });
  await opened.call("mailbox.put", { token, ...part });
  assert.deepEqual(await waiting, { data: part.data });
  await assert.rejects(entered.call("mailbox.enter", { code }), refusal("conflict"));

  // Both append to one roster at the same time; the chain is one.
  const append = async (member: TestMember, client: Client): Promise<void> => {
    for (let n = 0; n < 5; n += 1) {
      for (let isIn = false; !isIn; ) {
        const { items } = await client.call("roster.list", { after: member.roster.head.seq });
        member.roster.append(items as RosterEntry[]);
        const { entry, welcome } = member.inviteEntry();
        try {
          await client.call("invite.create", { entry, welcome });
          isIn = true;
        } catch (error) {
          refusal("roster_conflict")(error);
        }
      }
    }
  };
  const before = alice.roster.head.seq;
  const hers = atNode(alice, two);
  await Promise.all([append(alice, feed), append(hers, asAlice)]);
  const chains = await Promise.all(
    [feed, asAlice].map(async (client) => (await client.call("roster.list", { after: -1 })).items),
  );
  assert.deepEqual(chains[0], chains[1]);
  assert.equal((chains[0] as RosterEntry[]).at(-1)?.seq, before + 10);

  // A ban at one node ends the other's connections within a second or so, and nobody gets in again there.
  const last = await feedOf(bob);
  await until(
    async () => {
      const { items } = await feed.call("roster.list", { after: alice.roster.head.seq });
      alice.roster.append(items as RosterEntry[]);
      return alice.roster.head.seq;
    },
    (seq) => seq === before + 10,
  );
  const person = { member: alice, client: feed, session: new TestSession(alice) };
  const entry = alice.next("remove", await removalOf(person, bob.id));
  await feed.call("member.ban", { entry });
  alice.roster.apply(entry);
  assert.equal((await last.closed).code, 4002);
  assert.equal((await bob.greet("call")).answer.error?.code, "not_member");

  // What both wrote is one audit chain, without a fork or a gap.
  const walks = await Promise.all(
    [feed, asAlice].map(async (client) => {
      const { items, head } = await client.call("audit.list", { after: 0, limit: 500 });
      const walk = new AuditWalk(alice.mesh, { seq: 0, hash: "" });
      assert.equal(walk.take(items as AuditRow[]), undefined);
      assert.equal(walk.end(head as AuditHead), undefined);
      return walk.at;
    }),
  );
  assert.deepEqual(walks[0], walks[1]);
}

test("two nodes are one broker, woken through the database", bound, async () => {
  await using nodes = await TwoNodes.start(running());
  await together(nodes);
});

test("two nodes are one broker, woken by NATS, and without it only later", {
  ...bound,
  skip: skip || withoutNats(),
}, async () => {
  await using nats = await NatsServer.start();
  await using nodes = await TwoNodes.start(running(), `nats://127.0.0.1:${nats.port}`);
  const healthOf = async ({ url }: { url: string }) => (await fetch(`${url}/health/ready`)).json();
  const health = () => healthOf(nodes.two);
  for (const node of [nodes.one, nodes.two]) {
    await until(
      () => healthOf(node),
      ({ degraded }) => degraded === undefined,
    );
  }
  await together(nodes);
  assert.deepEqual(await health(), { ready: true, reasons: [] });
  await nats.kill();
  await until(health, ({ degraded }) => degraded !== undefined);
  assert.deepEqual(await health(), { ready: true, reasons: [], degraded: ["bus"] });
  const alice = await foundMesh(nodes.one.url);
  const bob = atNode(await addMember(alice, "bob"), nodes.two);
  const [feed, his] = [await feedOf(alice), await feedOf(bob)];
  await feed.call("message.send", { envelope: alice.message(bob, "without it") });
  await message(his, "without it", bob.secret.opener);
  await feed.call("member.kick", { members: [bob.id] });
  assert.equal((await his.closed).code, 4001);
  const page = await (await fetch(`${nodes.two.url}/metrics`)).text();
  assert.match(page, /^claudemesh_node_info\{node="node_[-0-9a-f]+",bus="nats"\} 1$/m);
  assert.match(page, /^claudemesh_nodes 2$/m);
  assert.match(page, /^claudemesh_bus_up 0$/m);
  assert.match(page, /^claudemesh_bus_received_total [1-9]/m);
});
