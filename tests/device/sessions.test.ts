import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { AgentSession, LocalDevice, PeerNews } from "@claudemesh/device";
import type { Peer } from "@claudemesh/protocol";
import { MovedTime } from "../broker/support/time.ts";
import { callAs, startSession } from "./agent-sessions.ts";
import { Ground, refusal, texts } from "./home-fixture.ts";

const _as = (device: LocalDevice, agentSession: string) => device.reader({ agentSession });

/** Asks again until it fits; fails with what it saw last. */
async function eventually<T>(what: string, ask: () => T | Promise<T>, fits: (seen: T) => boolean) {
  let seen = await ask();
  const end = Date.now() + 60_000;
  while (!fits(seen)) {
    if (Date.now() > end) assert.fail(`${what}: last saw ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen = await ask();
  }
  return seen;
}

const peersOf = async (device: LocalDevice): Promise<Peer[]> =>
  (await device.api.peer.list({})).items;

/** The peer that is this session, as a device sees it. */
const seen = async (device: LocalDevice, { meshes }: AgentSession): Promise<Peer> => {
  const isIt = (peer: Peer) => meshes.some(({ session }) => session === peer.session);
  const peers = await eventually(
    "the session is listed",
    () => peersOf(device),
    (all) => all.some(isIt),
  );
  const found = peers.find(isIt);
  assert.ok(found);
  return found;
};

function listen(device: LocalDevice): PeerNews[] {
  const news: PeerNews[] = [];
  device.listen((event) => {
    if ("peer" in event) news.push(event);
  });
  return news;
}

const kinds = (news: readonly PeerNews[]) => news.map(({ type }) => type);

test("a message to a session's key reaches it alone, siblings see each other, and a session not itself", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  for (const device of [alice, bob]) device.keepOnline();
  const { session: hers } = await startSession(alice, "a1");
  await startSession(alice, "a2");
  const { session: one } = await startSession(bob, "b1");
  const { session: two } = await startSession(bob, "b2");
  await seen(alice, two);
  const [first, second] = [await seen(alice, one), await seen(alice, two)];
  assert.deepEqual(
    [first.name, first.type, first.cwd, first.host, first.sharesKeyWith, first.agent, first.self],
    ["bob", "ai", "/src/b1", "local", 1, "claude-code", false],
  );
  assert.notEqual(first.key, second.key);
  assert.equal(first.memberKey, second.memberKey);

  const sent = await callAs(alice, "a1", "message.send", { to: first.key, text: "for one" });
  assert.deepEqual([sent.state, sent.to.session], ["accepted", one.meshes[0]?.session]);
  await callAs(alice, "a1", "message.send", { to: second.key.slice(0, 8), text: "for two" });
  const got = await callAs(bob, "b1", "message.inbox", { wait: "60s" });
  assert.deepEqual(texts(got), ["for one"]);
  const other = await callAs(bob, "b2", "message.inbox", { wait: "60s" });
  assert.deepEqual(texts(other), ["for two"]);
  assert.deepEqual(texts(await bob.api.message.inbox({})), [], "a person is not shown them");
  const status = () => alice.api.message.status({ id: sent.id });
  const offered = await eventually("offered", status, ({ state }) => state === "offered");
  assert.equal(offered.way, "pull");

  const listed = await callAs(bob, "b1", "peer.list", {});
  const siblings = listed.items.filter(({ self }) => self);
  assert.deepEqual(
    siblings.map(({ session }) => session),
    [two.meshes[0]?.session],
  );
  await callAs(bob, "b1", "message.send", { to: second.key, text: "brother" });
  assert.deepEqual(texts(await callAs(bob, "b2", "message.inbox", { wait: "60s" })), ["brother"]);
  await refusal("malformed", () =>
    callAs(bob, "b1", "message.send", { to: first.key, text: "to myself" }),
  );
  await refusal("no_recipient", () => alice.api.message.send({ to: "0123456789ab", text: "?" }));
  assert.ok(hers.meshes[0]);
});

test("a session is gone with its process, and what was for it is undeliverable by its device's signed word", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  for (const device of [alice, bob]) device.keepOnline();
  const news = listen(alice);
  const { session, child } = await startSession(bob, "b1");
  const { key } = await seen(alice, session);
  const unseen = await alice.api.message.send({ to: key, text: "not looked at" });
  const status = (id: string) => () => alice.api.message.status({ id });
  await eventually("stored", status(unseen.id), ({ state }) => state === "stored");
  child.kill("SIGKILL");
  await eventually(
    "left",
    () => kinds(news),
    (all) => all.includes("peer_left"),
  );
  assert.deepEqual(bob.sessions.list(), []);
  assert.equal(
    bob.sessions.owning(session.meshes[0]?.mesh as never, session.meshes[0]?.session as never),
    undefined,
  );
  const late = await alice.api.message.send({ to: key, text: "too late" });
  for (const { id } of [unseen, late]) {
    const told = await eventually("told", status(id), ({ state }) => state === "undeliverable");
    assert.equal(told.reason, "session_gone");
    const { story } = await alice.api.message.why({ id });
    assert.ok(
      story.some(({ by, what }) => by === "recipient, signed" && what.includes("session_gone")),
    );
  }
  assert.deepEqual(texts(await bob.api.message.inbox({})), []);
  const rows = new DatabaseSync(join(ground.home("bob"), "home.db"), { readOnly: true });
  const secrets = rows.prepare("SELECT sign_secret, seal_secret FROM session").all();
  rows.close();
  assert.deepEqual(
    secrets.map((row) => ({ ...row })),
    [{ sign_secret: null, seal_secret: null }],
  );
});

test("sessions outlive the process that registered them while their agents run, unnoticed by others", async () => {
  // However long it takes until they are back, the broker's patience with them is not over.
  await using ground = await Ground.start({}, new MovedTime());
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  for (const device of [alice, bob]) device.keepOnline();
  const news = listen(alice);
  const kept = await startSession(bob, "kept");
  const dying = await startSession(bob, "dying");
  await seen(alice, kept.session);
  await seen(alice, dying.session);
  await bob.close();
  dying.child.kill("SIGKILL");
  await once(dying.child, "exit");
  const again = (await ground.device("bob")) as LocalDevice;
  again.keepOnline();
  await eventually(
    "the dead one leaves",
    () => kinds(news),
    (all) => all.includes("peer_left"),
  );
  assert.deepEqual(
    again.sessions.list().map(({ agentSession }) => agentSession),
    ["kept"],
  );
  const { key } = await seen(alice, kept.session);
  await alice.api.message.send({ to: key, text: "still you?" });
  assert.deepEqual(texts(await callAs(again, "kept", "message.inbox", { wait: "60s" })), [
    "still you?",
  ]);
  const left = news.filter(({ type }) => type === "peer_left").map(({ peer }) => peer.session);
  assert.deepEqual(left, [dying.session.meshes[0]?.session]);
});

test("one that returns has its summary, visibility and counters back, and is announced as returned", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  for (const device of [alice, bob]) device.keepOnline();
  const news = listen(alice);
  const own = listen(bob);
  const { session } = await startSession(bob, "b1");
  await seen(alice, session);
  await callAs(bob, "b1", "summary.set", { text: "the parser" });
  const stats = { messagesIn: 1, messagesOut: 2, toolCalls: 3, errors: 0, uptimeMs: 4 };
  bob.sessions.update("b1", { stats, status: "working", source: "hook" });
  const told = (peer: Peer) =>
    peer.summary === "the parser" && peer.status === "working" && peer.stats?.toolCalls === 3;
  await eventually("told", () => seen(alice, session), told);
  bob.sessions.end("b1", "done");
  await eventually(
    "left",
    () => kinds(news),
    (all) => all.includes("peer_left"),
  );

  const { session: next } = await startSession(bob, "b1");
  assert.notEqual(next.meshes[0]?.session, session.meshes[0]?.session);
  await eventually(
    "returned",
    () => kinds(news),
    (all) => all.includes("peer_returned"),
  );
  const returned = news.find(({ type }) => type === "peer_returned");
  assert.equal(returned?.summary, "the parser");
  assert.ok((returned?.lastSeenAt ?? 0) > 0);
  const peer = await seen(alice, next);
  assert.deepEqual([peer.summary, peer.status, peer.stats], ["the parser", "idle", stats]);
  assert.deepEqual(kinds(own), [], "the own member is told nothing");
});

test("status, summary and visibility act on the caller, or on the whole device; offline they are as last seen", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  for (const device of [alice, bob]) device.keepOnline();
  await eventually(
    "bob is seen",
    () => peersOf(alice),
    (all) => all.length === 1,
  );
  const said = await bob.api.summary.set({ text: "at lunch" });
  assert.deepEqual([said.of, said.sessions], ["device", 0]);
  const person = await eventually(
    "summary",
    () => peersOf(alice),
    ([one]) => one?.summary === "at lunch",
  );
  assert.deepEqual([person[0]?.type, person[0]?.session], ["human", undefined]);

  const { session: one } = await startSession(bob, "b1");
  const { session: two } = await startSession(bob, "b2");
  assert.equal((await seen(alice, one)).summary, "at lunch", "it holds for sessions that start");
  const set = await callAs(bob, "b1", "status.set", { status: "dnd" });
  assert.deepEqual([set.of, set.sessions, set.source], ["session", 1, "manual"]);
  await eventually(
    "dnd",
    () => seen(alice, one),
    ({ status }) => status === "dnd",
  );
  const untouched = await seen(alice, two);
  assert.equal(untouched.status, "idle");
  await callAs(bob, "b2", "visible.set", { visible: false });
  await eventually(
    "hidden",
    () => peersOf(alice),
    (all) => all.length === 1,
  );
  const hidden = await alice.api.message.send({ to: untouched.key, text: "still reached" });
  assert.equal(hidden.state, "accepted");
  const all = await bob.api.summary.set({ text: "back" });
  assert.deepEqual([all.of, all.sessions], ["device", 2]);
  await eventually(
    "all",
    () => seen(alice, one),
    ({ summary }) => summary === "back",
  );
  await refusal("not_found", () => callAs(bob, "unknown", "summary.set", { text: "?" }));
  await callAs(bob, "early", "status.set", { status: "working" });
  const { session: early } = await startSession(bob, "early");
  assert.deepEqual([early.status, early.statusSource], ["working", "manual"]);

  const { key } = await seen(alice, early);
  await ground.stopBroker();
  const stale = await alice.api.peer.list({});
  assert.ok(stale.ageMs > 0);
  assert.ok(stale.items.some((peer) => peer.key === key));
  const queued = await alice.api.message.send({ to: key, text: "when you are back" });
  assert.equal(queued.state, "queued");
  await ground.startBroker();
  assert.deepEqual(texts(await callAs(bob, "early", "message.inbox", { wait: "60s" })), [
    "when you are back",
  ]);
});

test("a key that fits several sessions is ambiguous, with the folder of each", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  alice.keepOnline();
  await startSession(bob, "b1");
  await startSession(bob, "b2");
  const rows = new DatabaseSync(join(ground.home("bob"), "home.db"));
  rows.exec("UPDATE session SET sign_secret = (SELECT min(sign_secret) FROM session)");
  rows.close();
  bob.keepOnline();
  const isBoth = (all: Peer[]) => all.filter(({ session }) => session).length === 2;
  const [peer] = await eventually("both", () => peersOf(alice), isBoth);
  assert.ok(peer);
  const error = await refusal("ambiguous", () =>
    alice.api.message.send({ to: peer.key, text: "?" }),
  );
  const { candidates } = error.detail as { candidates: { key: string; cwd: string }[] };
  assert.deepEqual(candidates.map(({ cwd }) => cwd).sort(), ["/src/b1", "/src/b2"]);
  assert.match(error.message, /\/src\/b1/);
});

test("of two sessions one gets the lease, and keeps it until it ends", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  for (const device of [alice, bob]) device.keepOnline();
  const { session: one } = await startSession(bob, "b1");
  const { session: two } = await startSession(bob, "b2");
  await Promise.all([seen(alice, one), seen(alice, two)]);
  const { id: message } = await alice.api.message.send({ to: "bob", text: "who?" });
  const claim = ({ meshes: [at] }: AgentSession) => {
    assert.ok(at);
    return bob.sessions.claim(at.mesh, { message, session: at.session });
  };
  const [first, second] = [await claim(one), await claim(two)];
  assert.deepEqual([first.granted, second.granted], [true, false]);
  assert.equal(second.holder.session, one.meshes[0]?.session);
  bob.sessions.end("b1", "done");
  const taken = await eventually(
    "released",
    () => claim(two),
    ({ granted }) => granted,
  );
  assert.notEqual(taken.token, first.token);
});
