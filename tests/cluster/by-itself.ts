import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AuditHead, ClockState } from "@claudemesh/protocol";
import { eventually } from "../automation/eventually.ts";
import { said, saidSoFar } from "../automation/said.ts";
import { VirtualTime } from "../automation/virtual-time.ts";
import type { TestBroker } from "../broker/support/broker.ts";
import type { Client } from "../broker/support/client.ts";
import { addMember, foundMesh, type TestMember } from "../broker/support/member.ts";
import type { Cluster } from "../store/postgres-cluster.ts";
import { atNode, feedOf, TwoNodes } from "./two-nodes.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const reminders = 60;
const watches = 10;
const posts = 10;
const messages = 30;

/** A mesh whose owner is connected to both of two nodes, whose clock and timers stand still until they are moved. */
interface Ground {
  readonly nodes: TwoNodes;
  readonly time: VirtualTime;
  readonly alice: TestMember;
  readonly feeds: readonly [Client, Client];
}

/** What brokers do by themselves is done once, whichever of two nodes comes first. */
export async function byItself(cluster: Cluster, natsUrl: string): Promise<void> {
  const time = new VirtualTime(Date.now());
  const config = { outboundAllow: ["127.0.0.1"], janitorMs: 250, auditTtlMs: 100 * day };
  const { now, timer } = time;
  await using nodes = await TwoNodes.start(cluster, natsUrl, config, { now, timer });
  const alice = await foundMesh(nodes.one.url, "lab", now);
  const there = Object.assign(atNode(alice, nodes.two), { now });
  const ground = { nodes, time, alice, feeds: [await feedOf(alice), await feedOf(there)] as const };
  await reminded(ground);
  await watched(ground);
  await posted(ground);
  await ticked(ground);
  await swept(ground, cluster);
  for (const { lines } of [nodes.one, nodes.two]) {
    assert.deepEqual(
      lines.filter((line) => /could not be done|janitor failed/.test(line)),
      [],
    );
  }
}

const textsOf = (store: TestBroker["broker"]["store"], alice: TestMember) =>
  said(store, alice).then((entries) => entries.map(({ text }) => text));

/** Half of the reminders are made at each node; all are due at the same time, and each is said once. */
async function reminded({ alice, feeds, nodes, time }: Ground): Promise<void> {
  const { store } = nodes.one.broker;
  const wanted = Array.from({ length: reminders }, (_, n) => `reminder ${n}`);
  for (const [n, text] of wanted.entries()) {
    await feeds[n % 2 === 0 ? 0 : 1].call("schedule.create", { text, inMs: minute });
  }
  time.advance(minute);
  await saidSoFar(store, alice, reminders);
  for (const feed of feeds) assert.deepEqual((await feed.call("schedule.list", {})).items, []);
  assert.deepEqual((await textsOf(store, alice)).toSorted(), wanted.toSorted());
}

/** Each look of a watch is one request, and what has changed is told once. */
async function watched({ alice, feeds, nodes, time }: Ground): Promise<void> {
  const { store } = nodes.one.broker;
  let asked = 0;
  let body = "before";
  const page = createServer((_request, response) => {
    asked += 1;
    response.end(body);
  });
  page.listen(0, "127.0.0.1");
  await once(page, "listening");
  try {
    const { port } = page.address() as AddressInfo;
    const told = (await said(store, alice)).length;
    const rows = () => store.read.jobs(alice.mesh, { kind: "watch" });
    const looked = (round: number) =>
      eventually(
        async () =>
          (await rows()).every(
            ({ state, plannedAt, dueAt }) =>
              state.includes('"seen"') && plannedAt === dueAt && (dueAt ?? 0) > time.now(),
          ) || undefined,
        `look ${round}`,
        () => asked,
      );
    for (let n = 0; n < watches; n += 1) {
      const input = { url: `http://127.0.0.1:${port}/${n}` };
      await feeds[n % 2 === 0 ? 0 : 1].call("watch.create", input);
    }
    await looked(1);
    assert.equal(asked, watches);
    body = "after";
    time.advance(minute);
    await looked(2);
    assert.equal(asked, 2 * watches);
    assert.equal((await said(store, alice)).length - told, watches);
    for (const { id } of await rows()) await feeds[0].call("watch.delete", { id });
  } finally {
    page.close();
    page.closeAllConnections();
  }
}

/** A post that comes to both nodes at the same time is one message. */
async function posted({ alice, feeds, nodes, time }: Ground): Promise<void> {
  const { store } = nodes.one.broker;
  const told = (await said(store, alice)).length;
  const hook = await feeds[0].call("webhook.create", { name: "ci", to: alice.id });
  const { pathname } = new URL(String(hook.url));
  for (let n = 0; n < posts; n += 1) {
    const body = `post ${n}`;
    const at = Math.floor(time.now() / 1_000);
    const sig = createHmac("sha256", String(hook.secret)).update(`${at}.${body}`).digest("hex");
    const headers = { "x-claudemesh-signature": `t=${at},v1=${sig}` };
    const answers = await Promise.all(
      [nodes.one, nodes.two].map(async ({ url }) => {
        const answer = await fetch(url + pathname, { method: "POST", headers, body });
        assert.equal(answer.status, 202);
        return (await answer.json()) as { id: string; repeated: boolean };
      }),
    );
    assert.equal(answers[0]?.id, answers[1]?.id);
    assert.deepEqual(answers.map(({ repeated }) => repeated).toSorted(), [false, true]);
  }
  assert.equal((await said(store, alice)).length - told, posts);
}

/** Both nodes have one clock, whose ticks come to whoever is at either, each once. */
async function ticked({ feeds, time }: Ground): Promise<void> {
  const ticks = ({ frames }: Client) =>
    frames
      .filter(({ kind }) => kind === "clock_tick")
      .map(({ clock }) => (clock as ClockState).tick);
  await feeds[0].call("clock.set", { speed: 60, time: time.now() });
  for (let tick = 1; tick <= 3; tick += 1) {
    time.advance(1_000);
    for (const feed of feeds) {
      await eventually(
        async () => (await feed.call("clock.get", {})).tick === tick || undefined,
        `tick ${tick}`,
      );
    }
  }
  for (const feed of feeds) {
    await eventually(
      () => ticks(feed).at(-1) === 3 || undefined,
      "the last tick",
      () => ticks(feed),
    );
    assert.deepEqual(ticks(feed), [0, 1, 2, 3]);
  }
  await feeds[1].call("clock.pause", {});
  assert.equal((await feeds[0].call("clock.get", {})).paused, "it was paused");
}

/** What is past its time goes once: what both nodes say that they deleted is what was there, and its writer is told of each message once. */
async function swept({ alice, feeds, nodes, time }: Ground, { databases }: Cluster): Promise<void> {
  const bob = await addMember(alice, "bob");
  const sent: string[] = [];
  for (let n = 0; n < messages; n += 1) {
    const envelope = alice.message(bob, `message ${n}`);
    await feeds[n % 2 === 0 ? 0 : 1].call("message.send", { envelope });
    sent.push(envelope.header.id);
  }
  time.advance(101 * day);
  for (const feed of feeds) {
    const notices = () =>
      feed.frames.filter(({ kind }) => kind === "notice").map(({ body }) => String(idOf(body)));
    await eventually(
      () => notices().length >= messages || undefined,
      "the notices",
      () => notices().length,
    );
    assert.deepEqual(notices().toSorted(), sent.toSorted());
  }
  const chains = await eventually(async () => {
    const both = await Promise.all(
      feeds.map((feed) => feed.call("audit.list", { after: 0, limit: 500 })),
    );
    return both.every(({ anchor }) => anchor !== undefined) ? both : undefined;
  }, "old audit rows are gone");
  const [chain, other] = chains;
  assert.deepEqual(chain, other);
  // A node that has stopped has said all that it deleted.
  for (const { broker } of [nodes.one, nodes.two]) await broker.stop();
  const sql = "SELECT count(*)::int AS gone FROM log WHERE body IS NULL";
  const { rows } = await databases.run(nodes.database, sql);
  assert.equal(deleted(nodes, "expired"), rows[0].gone);
  assert.equal(deleted(nodes, "audited"), (chain?.anchor as AuditHead | undefined)?.seq);
}

/** How much of something both nodes say that they have deleted. */
const deleted = ({ one, two }: TwoNodes, what: string): number =>
  [one, two]
    .flatMap(({ lines }) => lines.filter((line) => line.includes('"janitor ran"')))
    .reduce((sum, line) => sum + Number(JSON.parse(line)[what]), 0);

const idOf = (body: unknown): unknown => (body as { id?: unknown }).id;
