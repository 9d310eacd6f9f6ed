import assert from "node:assert/strict";
import { test } from "node:test";
import { formatInviteLink, sealStreamItem, systemRandom } from "@claudemesh/crypto";
import type { LocalDevice } from "@claudemesh/device";
import { limits } from "@claudemesh/protocol";
import { found, makeInvite } from "../../packages/testkit/src/bare-member.ts";
import { Ground, refusal } from "../device/home-fixture.ts";

/** Follows a stream from now on; each call answers what came since the last. */
async function listen(device: LocalDevice, name: string, topic?: string) {
  const place = { name, ...(topic === undefined ? {} : { topic }) };
  let { seq } = await device.api.stream.follow(place);
  return async (count: number) => {
    const got: unknown[] = [];
    let dropped = 0;
    while (got.length < count) {
      const answer = await device.api.stream.follow({ ...place, after: seq, wait: "60s" });
      seq = answer.seq;
      dropped += answer.dropped;
      got.push(...answer.items.map(({ from, data }) => [from, data]));
    }
    return { got, dropped };
  };
}

test("what is published reaches who listens then, in order, sealed and signed, in its topic only", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  await refusal("not_found", () => bob.api.stream.publish({ name: "builds", data: "1" }));
  await refusal("not_found", () => bob.api.stream.follow({ name: "builds" }));
  await alice.api.stream.create({ name: "builds" });
  await refusal("exists", () => bob.api.stream.create({ name: "builds" }));
  await bob.api.stream.publish({ name: "builds", data: '"nobody listens"' });

  await alice.drain();
  const toBob = await listen(bob, "builds");
  const toAlice = await listen(alice, "builds");
  await alice.api.stream.publish({ name: "builds", data: '{ "ok": true, "n": 1 }' });
  await alice.api.stream.publish({ name: "builds", data: "no JSON at all" });
  await bob.api.stream.publish({ name: "builds", data: "[2]" });
  const expected = [
    ["alice", { ok: true, n: 1 }],
    ["alice", "no JSON at all"],
    ["bob", [2]],
  ];
  assert.deepEqual(await toBob(3), { got: expected, dropped: 0 });
  assert.deepEqual(await toAlice(3), { got: expected, dropped: 0 });

  const most = JSON.stringify("x".repeat(limits.streamBytes - 2));
  await alice.api.stream.publish({ name: "builds", data: most });
  assert.equal((await toBob(1)).got.length, 1);
  const over = "ä".repeat(limits.streamBytes / 2);
  await refusal("too_large", () => alice.api.stream.publish({ name: "builds", data: over }));

  await alice.api.topic.create({ name: "deploys", visibility: "private" });
  await alice.api.topic.invite({ name: "deploys", member: "bob" });
  await bob.drain();
  await alice.api.stream.create({ name: "builds", topic: "deploys" });
  const inTopic = await listen(bob, "builds", "deploys");
  await alice.api.stream.publish({ name: "builds", topic: "deploys", data: "3" });
  assert.deepEqual((await inTopic(1)).got, [["alice", 3]]);
  await refusal("not_found", () => carol.api.stream.follow({ name: "builds", topic: "deploys" }));
  assert.deepEqual(
    (await bob.api.stream.list({})).items.map(({ name, topic }) => [name, topic]),
    [
      ["builds", undefined],
      ["builds", "deploys"],
    ],
  );
  assert.deepEqual(
    (await carol.api.stream.list({})).items.map(({ topic }) => topic),
    [undefined],
  );

  await carol.api.grant.block({ peer: "alice" });
  const toCarol = await listen(carol, "builds");
  await alice.api.stream.publish({ name: "builds", data: "4" });
  await bob.api.stream.publish({ name: "builds", data: "5" });
  assert.deepEqual((await toCarol(1)).got, [["bob", 5]], "who is blocked is not heard");

  await refusal("forbidden", () => bob.api.stream.delete({ name: "builds" }));
  await alice.api.stream.delete({ name: "builds" });
  await refusal("not_found", () => bob.api.stream.publish({ name: "builds", data: "6" }));
});

test("a reader that is behind loses the oldest and is told how many, and one whose broker was away goes on", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.stream.create({ name: "load" });
  const place = { name: "load" };
  const { seq } = await bob.api.stream.follow(place);
  await alice.api.stream.publish({ ...place, data: "0" });
  const first = await bob.api.stream.follow({ ...place, after: seq, wait: "60s" });
  assert.deepEqual(
    first.items.map(({ data }) => data),
    [0],
  );
  const count = limits.streamQueue + 44;
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  for (const n of numbers) await alice.api.stream.publish({ ...place, data: String(n) });
  let answer = first;
  let heard = 0;
  let dropped = 0;
  let last: unknown;
  while (last !== count) {
    answer = await bob.api.stream.follow({ ...place, after: answer.seq, wait: "60s" });
    heard += answer.items.length;
    dropped += answer.dropped;
    last = answer.items.at(-1)?.data;
  }
  assert.equal(heard + dropped, count);

  await ground.stopBroker();
  await ground.startBroker();
  const waiting = bob.api.stream.follow({ ...place, after: answer.seq, wait: "60s" });
  let isHeard = false;
  const done = waiting.then((one) => {
    isHeard = one.items.length > 0;
    return one;
  });
  // Whether it listens again is seen only by what it hears.
  while (!isHeard) {
    await alice.api.stream.publish({ ...place, data: '"back"' });
    await new Promise(setImmediate);
  }
  assert.equal((await done).items[0]?.data, "back");
});

test("what a member's own program publishes amiss is passed over, and who listens hears the rest", async () => {
  await using ground = await Ground.start();
  const mallory = await found(ground.url, "mallory");
  const bob = await ground.device("bob");
  const code = await makeInvite(mallory);
  await bob.api.invite.claim({ invite: formatInviteLink(ground.url, code) });
  await using client = mallory.connect("call");
  await client.stream.create({ name: "builds" });
  const hear = await listen(bob, "builds");
  const { device, member, mesh, ring, secret } = mallory;
  const item = (n: number, text: string, change: object = {}) => {
    const place = { mesh, stream: "builds", member, device, run: "0".repeat(16), n };
    const statement = { ...place, keyVersion: 0, at: Date.now(), ...change };
    const { signer } = secret;
    return sealStreamItem({
      statement,
      text,
      ring,
      isPrivate: false,
      signer,
      random: systemRandom,
    });
  };
  const publish = (made: ReturnType<typeof item>) => client.stream.publish({ item: made });
  const first = item(1, "1");
  await publish(first);
  assert.deepEqual(await hear(1), { got: [["mallory", 1]], dropped: 0 });
  await publish(first);
  await publish(item(2, "no JSON"));
  await publish(item(3, ""));
  await publish({ ...item(4, "4"), sealed: item(4, "another").sealed });
  await publish(item(6, "6"));
  assert.deepEqual(await hear(1), { got: [["mallory", 6]], dropped: 4 });
  // One that died and began anew counts from the beginning, which is no gap.
  const dying = mallory.connect("call");
  await dying.stream.publish({ item: item(7, "7") });
  await dying[Symbol.asyncDispose]();
  await publish(item(1, "8", { run: "1".repeat(16) }));
  const lastWords = [
    ["mallory", 7],
    ["mallory", 8],
  ];
  assert.deepEqual(await hear(2), { got: lastWords, dropped: 0 });
  const [{ member: self = member, device: own } = {}] = (await bob.whoami()).meshes;
  await refusal("forbidden", () => publish(item(7, "7", { member: self })));
  await refusal("forbidden", () => publish(item(7, "7", { device: own })));
  await refusal("clock_skew", () => publish(item(7, "7", { at: Date.now() - 3_600_000 })));
  await refusal("not_found", () => publish(item(7, "7", { stream: "absent" })));
  await refusal("malformed", () => publish(item(7, "7", { n: 0 })));
});
