import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import {
  newDeviceId,
  newReceiptId,
  openDirect,
  signReceipt,
  systemRandom,
} from "@claudemesh/crypto";
import { type Envelope, type Hash, limits, type WirePeer } from "@claudemesh/protocol";
import { newFolder, startBroker } from "./support/broker.ts";
import { type Client, refusal } from "./support/client.ts";
import { addMember, foundMesh, TestMember } from "./support/member.ts";
import { TestSession } from "./support/session.ts";
import { MovedTime } from "./support/time.ts";

/** The member on another device of its own, or at another broker. */
const onDevice = (member: TestMember, device = newDeviceId(systemRandom), url = member.url) => {
  const { id, now, roster, secret } = member;
  return Object.assign(new TestMember(url, secret, roster, id), { device, now });
};

const feedOf = async (member: TestMember): Promise<Client> => {
  const feed = await member.connect("feed");
  await feed.find(({ kind }) => kind === "caught_up");
  return feed;
};

/** Everything that came before this answer has come. */
const settled = (client: Client) => client.call("mesh.info", {});

const texts = (client: Client, session: TestSession): string[] =>
  client.events
    .filter(({ kind }) => kind === "message")
    .map(({ body }) => openDirect(body as Envelope, session.opener).text);

const peersOf = async (client: Client, input = {}): Promise<WirePeer[]> =>
  (await client.call("peer.list", input)).items as WirePeer[];

const sessionsIn = (peers: readonly WirePeer[]) =>
  peers.flatMap(({ session }) => session?.attestation.session ?? []);

const told = (client: Client) =>
  client.frames.filter(({ kind }) => kind?.startsWith("peer_")).map(({ kind }) => kind);

test("a message to a session's key reaches the device that has the session, and no other", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice, "bob");
  const bobElsewhere = onDevice(bob);
  const [aliceFeed, bobFeed, otherFeed] = await Promise.all([alice, bob, bobElsewhere].map(feedOf));
  assert.ok(aliceFeed && bobFeed && otherFeed);
  const one = new TestSession(bob);
  const two = new TestSession(bob);
  const far = new TestSession(bobElsewhere);
  const hers = new TestSession(alice);
  await Promise.all([
    one.attach(bobFeed),
    two.attach(bobFeed),
    far.attach(otherFeed),
    hers.attach(aliceFeed),
  ]);

  for (const session of [one, two, far]) {
    const envelope = session.message(alice, `for ${session.id}`);
    await aliceFeed.call("message.send", { envelope });
  }
  await aliceFeed.call("message.send", { envelope: alice.message(bob, "for bob") });
  await Promise.all([settled(bobFeed), settled(otherFeed), settled(aliceFeed)]);
  const audiences = (client: Client) =>
    client.events
      .filter(({ kind }) => kind === "message")
      .map(({ body }) => (body as Envelope).header.to);
  assert.deepEqual(audiences(bobFeed), [`s:${one.id}`, `s:${two.id}`, `m:${bob.id}`]);
  assert.deepEqual(audiences(otherFeed), [`s:${far.id}`, `m:${bob.id}`]);
  assert.deepEqual(audiences(aliceFeed), []);
  const own = await bobFeed.find(({ body }) => (body as Envelope)?.header?.to === `s:${two.id}`);
  assert.equal(openDirect(own.body as Envelope, two.opener).text, `for ${two.id}`);
  assert.throws(() => openDirect(own.body as Envelope, one.opener));
});

test("siblings of one member are listed, and write to each other; a session does not write to itself", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const feed = await feedOf(alice);
  const [one, two] = [new TestSession(alice), new TestSession(alice)];
  await one.attach(feed);
  await two.attach(feed);
  assert.deepEqual(sessionsIn(await peersOf(feed)).sort(), [one.id, two.id].sort());
  const from = { member: alice.id, device: alice.device, session: one.id };
  const envelope = two.message(alice, "brother", { from, to: `s:${two.id}` as never });
  await feed.call("message.send", { envelope });
  await settled(feed);
  assert.deepEqual(texts(feed, two), ["brother"]);
  const self = one.message(alice, "me", { from, to: `s:${one.id}` as never });
  await assert.rejects(feed.call("message.send", { envelope: self }), refusal("malformed"));
});

test("what is attested by another, for another, for too long or too late does not attach", async () => {
  const time = new MovedTime();
  await using at = await startBroker({}, time);
  const alice = await foundMesh(at.url, "lab", time.now);
  const bob = await addMember(alice, "bob");
  const elsewhere = await foundMesh(at.url, "other", time.now);
  const client = await bob.connect();
  const session = new TestSession(bob);
  const attempt = (attestation = session.attestation(), proof = session.proof(client)) =>
    session.attach(client, attestation, proof);

  const forged = session.attestation({}, alice.secret.signer);
  await assert.rejects(attempt(forged), refusal("bad_signature"));
  await assert.rejects(attempt(session.attestation({ member: alice.id })), refusal("forbidden"));
  await assert.rejects(
    attempt(session.attestation({ mesh: elsewhere.mesh })),
    refusal("forbidden"),
  );
  const foreign = session.attestation({ device: alice.device });
  await assert.rejects(attempt(foreign), refusal("forbidden"));
  const past = session.attestation({ at: time.now() - limits.attestationMs - 1 });
  await assert.rejects(attempt(past), refusal("expired"));
  const future = session.attestation({ at: time.now() + 120_000 });
  await assert.rejects(attempt(future), refusal("clock_skew"));
  const good = session.attestation();
  const longer = { ...good, notAfter: good.notAfter + 1 };
  await assert.rejects(attempt(longer), refusal("bad_signature"));

  const other = await bob.connect();
  await assert.rejects(attempt(good, session.proof(other)), refusal("unauthorized"));
  await assert.rejects(
    attempt(good, session.proof(client, { host: "else:1" })),
    refusal("wrong_host"),
  );
  const stranger = new TestSession(bob);
  await assert.rejects(
    attempt(good, stranger.proof(client, { session: session.id })),
    refusal("bad_signature"),
  );
  assert.deepEqual(sessionsIn(await peersOf(client)), []);

  await attempt(good);
  assert.deepEqual(sessionsIn(await peersOf(client)), [session.id]);
  const stolen = new TestSession(bob);
  Object.assign(stolen, { id: session.id });
  const taken = stolen.attach(client, stolen.attestation(), stolen.proof(client));
  await assert.rejects(taken, refusal("conflict"));
});

test("a blip is no leave; others are told of joining, leaving and returning, the own member never", async () => {
  const time = new MovedTime();
  await using at = await startBroker({}, time);
  const alice = await foundMesh(at.url, "lab", time.now);
  const bob = await addMember(alice, "bob");
  bob.now = time.now;
  const watch = await feedOf(alice);
  const own = await feedOf(onDevice(bob));
  const session = new TestSession(bob, { summary: "the parser" });

  const first = await feedOf(bob);
  assert.equal((await session.attach(first)).returned, false);
  await watch.find(({ kind }) => kind === "peer_joined");
  await first.close();
  time.pass(limits.sessionGraceMs - 1_000);
  const second = await feedOf(bob);
  assert.equal((await session.attach(second)).returned, true);
  await second.close();
  await settled(watch);
  assert.deepEqual(told(watch), ["peer_joined"]);
  assert.deepEqual(sessionsIn(await peersOf(watch)), [session.id]);

  // The close has to have reached the broker before its time passes.
  while (
    (
      await watch
        .call("member.list", {})
        .then(({ items }) => items as { member: string; connections: number }[])
    ).find(({ member }) => member === bob.id)?.connections !== 1
  );
  time.pass(limits.sessionGraceMs + 1_000);
  await watch.find(({ kind }) => kind === "peer_left");
  assert.deepEqual(sessionsIn(await peersOf(watch)), []);
  const third = await feedOf(bob);
  assert.equal((await session.attach(third)).returned, true);
  const returned = await watch.find(({ kind }) => kind === "peer_returned");
  assert.equal(returned.summary, "the parser");
  assert.ok((returned.lastSeenAt as number) < (returned.at as number));

  await third.call("session.detach", { session: session.id });
  await settled(watch);
  assert.deepEqual(told(watch), ["peer_joined", "peer_left", "peer_returned", "peer_left"]);
  await settled(own);
  assert.deepEqual(told(own), []);
});

test("a session that follows another replaces it at once, and is known as the one that returns", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice, "bob");
  const watch = await feedOf(alice);
  const ghost = new TestSession(bob);
  const dying = await feedOf(bob);
  await ghost.attach(dying);
  dying.socket.terminate();
  const next = new TestSession(bob, { previous: ghost.id });
  const feed = await feedOf(bob);
  assert.equal((await next.attach(feed)).returned, true);
  assert.deepEqual(sessionsIn(await peersOf(watch)), [next.id]);
  await settled(watch);
  assert.deepEqual(told(watch), ["peer_joined", "peer_returned"]);
});

test("hidden sessions leave the list and are told of as gone, and are still found by their key", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice, "bob");
  const watch = await feedOf(alice);
  const feed = await feedOf(bob);
  const session = new TestSession(bob, { cwd: "/src/app" });
  await session.attach(feed);
  await feed.call("visible.set", { session: session.id, visible: false });
  await watch.find(({ kind }) => kind === "peer_left");
  assert.deepEqual(sessionsIn(await peersOf(watch)), []);
  const key = Buffer.from(session.signer.key, "base64url").toString("hex");
  const found = await peersOf(watch, { key: key.slice(0, 8) });
  assert.deepEqual(sessionsIn(found), [session.id]);
  assert.equal(found[0]?.session?.info.cwd, "/src/app");
  await watch.call("message.send", { envelope: session.message(alice, "psst") });
  await settled(feed);
  assert.deepEqual(texts(feed, session), ["psst"]);
  const status = { status: "working", source: "hook", at: Date.now() + 3_600_000 };
  await feed.call("status.set", { session: session.id, status });
  await feed.call("summary.set", { session: session.id, text: "tests" });
  const [now] = await peersOf(watch, { key });
  assert.equal(now?.session?.info.status.status, "working");
  assert.ok((now?.session?.info.status.at ?? 0) <= Date.now(), "no status is from the future");
  assert.equal(now?.session?.info.summary, "tests");
  const foreign = watch.call("summary.set", { session: session.id, text: "mine" });
  await assert.rejects(foreign, refusal("not_found"));
});

test("messages wait for a session that is away, and come to a device that was; an unknown session has none", async () => {
  const time = new MovedTime();
  await using at = await startBroker({}, time);
  const alice = await foundMesh(at.url, "lab", time.now);
  const bob = await addMember(alice, "bob");
  bob.now = time.now;
  const sender = await alice.connect();
  const session = new TestSession(bob);
  const first = await feedOf(bob);
  await session.attach(first);
  await first.close();
  const envelope = session.message(alice, "later");
  await sender.call("message.send", { envelope });
  const again = await feedOf(bob);
  assert.deepEqual(texts(again, session), ["later"]);
  const [event] = again.events.filter(({ kind }) => kind === "message");
  await again.request({ type: "receipt", ack: event?.seq, receipts: [] });
  const record = await sender.call("message.status", { id: envelope.header.id });
  assert.equal(record.to, bob.id);
  assert.equal(typeof record.contentsDeletedAt, "number");
  assert.deepEqual(
    (record.devices as { has: boolean }[]).map(({ has }) => has),
    [true],
  );

  await session.attach(again);
  await again.call("session.detach", { session: session.id });
  await sender.call("message.send", { envelope: session.message(alice, "to the ended") });
  const stranger = new TestSession(bob).message(alice, "nobody");
  await assert.rejects(
    sender.call("message.send", { envelope: stranger }),
    refusal("no_recipient"),
  );
  time.pass(limits.attestationMs + 1_000);
  const late = await alice.connect();
  const over = session.message(alice, "too late");
  await assert.rejects(late.call("message.send", { envelope: over }), refusal("no_recipient"));
});

test("one session of two devices gets the lease; the older token is refused, and the lease outlives a restart", async () => {
  const time = new MovedTime();
  const folder = newFolder();
  await using at = await startBroker({}, time, folder);
  const alice = await foundMesh(at.url, "lab", time.now);
  const bob = await addMember(alice, "bob");
  bob.now = time.now;
  const there = onDevice(bob);
  const [here, far, sender] = [await feedOf(bob), await feedOf(there), await alice.connect()];
  const [one, two] = [new TestSession(bob), new TestSession(there)];
  await one.attach(here);
  await two.attach(far);
  const question = alice.message(bob, "who answers?");
  await sender.call("message.send", { envelope: question });
  const claim = (client: Client, { id: session }: TestSession) =>
    client.call("delivery.claim", { message: question.header.id, session });
  const asked = await Promise.all([claim(here, one), claim(far, two)]);
  const won = asked.filter(({ granted }) => granted);
  assert.equal(won.length, 1);
  const isHere = asked[0]?.granted === true;
  const [winner, loser] = isHere ? [one, two] : [two, one];
  const [winning, losing] = isHere ? [here, far] : [far, here];
  const [winnerOn, loserOn] = isHere ? [bob, there] : [there, bob];
  for (const answer of asked) {
    assert.deepEqual((answer.holder as { session: string }).session, winner.id);
  }
  assert.equal(asked.find(({ granted }) => !granted)?.token, undefined);
  const token = String(won[0]?.token);
  const answerOf = (on: TestMember, session: TestSession, lease: string) =>
    on.message(alice, "I do", {
      from: { member: on.id, device: on.device, session: session.id },
      lease,
    });
  const first = answerOf(winnerOn, winner, token);
  await winning.call("message.send", { envelope: first });
  assert.equal((await claim(winning, winner)).token, token, "the holder keeps its token");
  await assert.rejects(claim(winning, loser), refusal("not_found"));
  const unknown = { message: first.header.id, session: winner.id };
  await assert.rejects(winning.call("delivery.claim", unknown), refusal("not_found"));

  await winning.call("session.detach", { session: winner.id });
  await here.call("mesh.info", {});
  const taken = await claim(losing, loser);
  assert.equal(taken.granted, true);
  assert.notEqual(taken.token, token);
  const stale = answerOf(winnerOn, winner, token);
  await assert.rejects(winning.call("message.send", { envelope: stale }), refusal("conflict"));
  const repeated = await winning.call("message.send", { envelope: first });
  assert.equal(repeated.repeated, true, "what was accepted before is answered as it was");
  const made = answerOf(loserOn, loser, "msg_1:1");
  await assert.rejects(losing.call("message.send", { envelope: made }), refusal("malformed"));

  await at.broker.stop();
  await using restarted = await startBroker({}, time, folder);
  const moved = onDevice(loserOn, loserOn.device, restarted.url);
  const feed = await feedOf(moved);
  Object.assign(loser, { member: moved });
  await loser.attach(feed);
  const old = answerOf(moved, loser, token);
  await assert.rejects(feed.call("message.send", { envelope: old }), refusal("conflict"));
  await feed.call("message.send", { envelope: answerOf(moved, loser, String(taken.token)) });
  await restarted.broker.stop();
  rmSync(folder, { recursive: true });
});

test("a receipt speaks for a session of its own device alone", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice, "bob");
  const feed = await feedOf(bob);
  const [own, foreign] = [new TestSession(bob), new TestSession(onDevice(bob))];
  await own.attach(feed);
  await foreign.attach(await feedOf(foreign.member));
  const receipt = (session: TestSession) =>
    signReceipt(
      {
        id: newReceiptId(Date.now, systemRandom),
        mesh: bob.mesh,
        member: bob.id,
        device: bob.device,
        session: session.id,
        to: alice.id,
        head: bob.roster.head,
        state: "offered",
        items: [{ id: alice.message(bob, "x").header.id, digest: "0".repeat(64) as Hash }],
        at: Date.now(),
      },
      bob.secret.signer,
    );
  await feed.request({ type: "receipt", receipts: [receipt(own)] });
  const forged = feed.request({ type: "receipt", receipts: [receipt(foreign)] });
  await assert.rejects(forged, refusal("forbidden"));
});

test("who leaves the mesh takes its sessions along", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice, "bob");
  const watch = await feedOf(alice);
  const session = new TestSession(bob);
  const feed = await feedOf(bob);
  await session.attach(feed);
  await watch.find(({ kind }) => kind === "peer_joined");
  await feed.call("mesh.leave", { entry: bob.next("remove", { member: bob.id }) });
  await watch.find(({ kind }) => kind === "peer_left");
  assert.deepEqual(sessionsIn(await peersOf(watch)), []);
  const envelope = session.message(alice, "still there?", { head: alice.roster.head });
  await assert.rejects(watch.call("message.send", { envelope }), refusal("no_recipient"));
});
