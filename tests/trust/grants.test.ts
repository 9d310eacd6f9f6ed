import assert from "node:assert/strict";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import type { MessageId, OpenOutput } from "@claudemesh/protocol";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";

type Api = Pick<LocalDevice, "api">;

const allowed = async (device: Api, name: string) =>
  (await device.api.grant.list({})).items.find((item) => item.name === name)?.capabilities;

/** What a sender can find out about a message, without what differs between any two. */
async function asSenderSees(device: Api, id: MessageId): Promise<object> {
  const {
    id: _id,
    at: _at,
    seq: _seq,
    with: to,
    ...status
  } = await device.api.message.status({ id });
  const { story } = await device.api.message.why({ id });
  return {
    ...status,
    story: story.map(({ what }) => what.replace(/\d+/g, "n").replace(to.name, "them")),
  };
}

const state = ({ state: shown }: OpenOutput<"message.send">): string => shown;

test("a blocked sender sees what one of an offline recipient does, the recipient sees nothing, and nothing is missing afterwards", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  await bob.api.message.send({ to: "alice", text: "before" });
  assert.deepEqual(texts(await read(alice, "60s")), ["before"]);
  await carol.drain();
  await carol.close();
  const away = await bob.api.message.send({ to: "carol", text: "to someone away" });
  const { blocked } = await alice.api.grant.block({ peer: "bob" });
  assert.ok(blocked);
  const sent = await bob.api.message.send({ to: "alice", text: "while blocked" });
  assert.equal(state(sent), state(away));
  await alice.drain();
  await bob.drain();
  assert.deepEqual(await asSenderSees(bob, sent.id), await asSenderSees(bob, away.id));
  const seen = await read(alice);
  assert.deepEqual([texts(seen), seen.notices], [[], []]);
  const { items } = await alice.api.search.messages({ text: "blocked" });
  assert.deepEqual(items, []);

  await alice.api.grant.unblock({ peer: "bob" });
  await bob.api.message.send({ to: "alice", text: "after" });
  const after = await read(alice, "60s");
  assert.deepEqual([texts(after), after.notices], [["after"], []]);
});

test("without broadcast a peer reaches one alone, not through the many; the others are not touched", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  assert.deepEqual(await allowed(alice, "bob"), ["read", "dm", "broadcast", "state-read"]);
  await alice.api.grant.revoke({ peer: "bob", capabilities: "broadcast" });
  await bob.api.message.send({ to: "*", text: "to all" });
  await bob.api.message.send({ to: "alice", text: "to alice" });
  assert.deepEqual(texts(await read(alice, "60s")), ["to alice"]);
  assert.deepEqual(texts(await read(carol, "60s")), ["to all"]);
  await alice.api.grant.set({ peer: "bob", capabilities: "broadcast, file-read" });
  assert.deepEqual(await allowed(alice, "bob"), [
    "read",
    "dm",
    "broadcast",
    "state-read",
    "file-read",
  ]);
  await bob.drain();
  const feed = bob.keepOnline();
  const connected = Promise.withResolvers<void>();
  const stop = bob.listen((event) => {
    if (event.type === "link" && event.standing.link === "open") connected.resolve();
  });
  await connected.promise;
  const { items } = await alice.api.peer.list({});
  assert.deepEqual(items.find(({ name }) => name === "bob")?.grants, await allowed(alice, "bob"));
  stop();
  await feed.stop();
  await bob.api.message.send({ to: "*", text: "to all again" });
  const shown = await read(alice, "60s");
  assert.deepEqual([texts(shown), shown.notices], [["to all again"], []]);
});

test("what a broker lets through all the same leaves no trace here, and its sender gets no receipt", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await bob.drain();
  const mesh = (await alice.whoami()).meshes[0]?.id;
  assert.ok(mesh);
  await alice.api.grant.block({ peer: "bob" });
  const { grants } = ground.broker.store.read;
  const [held] = await grants(mesh);
  assert.ok(held);
  // A broker that forgot: the same store, without what alice said.
  await ground.broker.store.write.appendGrants({
    rosterSeq: 99,
    mesh,
    grants: { ...held, version: held.version + 1, rules: [] },
    hash: "0".repeat(64) as never,
    at: Date.now(),
    expiresAt: Date.now() + 60_000,
  });
  await ground.stopBroker();
  await ground.startBroker();
  const sent = await bob.api.message.send({ to: "alice", text: "let through" });
  await alice.drain();
  const seen = await read(alice);
  assert.deepEqual(texts(seen), []);
  assert.deepEqual(
    seen.notices.map(({ code }) => code),
    ["bad_signature"],
    "the forged grants are told of",
  );
  await bob.drain();
  assert.equal((await bob.api.message.status({ id: sent.id })).state, "accepted");
});

test("what is said on one device holds on the other, and who may not read my presence does not see me", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const path = ground.home("alice.backup");
  await alice.api.backup.create({ path, passphrase: "twelve chars." });
  const second = await ground.device("second");
  await second.api.backup.restore({ path, passphrase: "twelve chars." });
  await second.api.grant.revoke({ peer: "bob", capabilities: "read" });
  await alice.drain();
  const online = async () =>
    (await bob.api.member.list({})).items.find(({ name }) => name === "alice")?.online;
  assert.equal(await online(), false);
  assert.deepEqual(await allowed(alice, "bob"), ["dm", "broadcast", "state-read"]);
  await alice.api.member.update({ defaultGrants: "read dm" });
  assert.deepEqual((await alice.api.grant.list({})).defaults, ["read", "dm"]);
  await alice.api.grant.unblock({ peer: "bob" });
  assert.deepEqual(await allowed(alice, "bob"), ["read", "dm"]);
  const shown = await alice.api.member.verify({ peer: "bob", withGrants: true });
  assert.deepEqual(shown.grants, ["read", "dm"]);
  await refusal("malformed", () => alice.api.grant.set({ peer: "bob", capabilities: "write" }));
});
