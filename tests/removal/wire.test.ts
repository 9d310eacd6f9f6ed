import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { newDeviceId, systemRandom } from "@claudemesh/crypto";
import { closeCodes, type RosterEntry } from "@claudemesh/protocol";
import { removalOf } from "../authorization/ready.ts";
import { startBroker, type TestBroker } from "../broker/support/broker.ts";
import { type Client, refusal } from "../broker/support/client.ts";
import { addMember, foundMesh, TestMember } from "../broker/support/member.ts";
import { TestSession } from "../broker/support/session.ts";

/** Another device of the same member. */
const secondDevice = ({ url, secret, roster, id }: TestMember): TestMember =>
  Object.assign(new TestMember(url, secret, roster, id), { device: newDeviceId(systemRandom) });

/** Three devices of one member, each with a feed, a call and two agent sessions. */
async function manyDevices(bob: TestMember) {
  const devices = [bob, secondDevice(bob), secondDevice(bob)];
  const lines: Client[] = [];
  const sessions: TestSession[] = [];
  for (const device of devices) {
    const feed = await device.connect("feed");
    await feed.find(({ kind }) => kind === "caught_up");
    lines.push(feed, await device.connect("call"));
    for (const session of [new TestSession(device), new TestSession(device)]) {
      await session.attach(feed);
      sessions.push(session);
    }
  }
  return { devices, lines, sessions };
}

const removal = async (by: TestMember, client: Client, member: TestMember) =>
  by.next(
    "remove",
    await removalOf({ member: by, client, session: new TestSession(by) }, member.id),
  );

const peersOf = async (client: Client): Promise<unknown[]> =>
  (await client.call("peer.list", {})).items as unknown[];

const ends = [
  { op: "member.disconnect", code: 1000 },
  { op: "member.kick", code: 4001 },
  { op: "member.ban", code: 4002 },
] as const;

for (const { op, code } of ends) {
  test(`${op} ends every connection of every device with ${code} and its wording, and nothing is delivered there afterwards`, async () => {
    await using at = await startBroker();
    const alice = await foundMesh(at.url);
    const bob = await addMember(alice, "bob");
    const client = await alice.connect();
    const { lines, sessions } = await manyDevices(bob);
    assert.equal((await peersOf(client)).length, sessions.length);
    const entry = op === "member.ban" ? await removal(alice, client, bob) : undefined;
    const answer = await client.call(op, entry ? { entry } : { members: [bob.id] });
    if (entry) alice.roster.apply(entry);
    else assert.deepEqual(answer.items, [{ member: bob.id, connections: lines.length }]);

    const { sentence: reason } = closeCodes[code];
    for (const line of lines) assert.deepEqual(await line.closed, { code, reason });
    const frames = lines.map((line) => line.frames.length);
    const [session] = sessions;
    assert.ok(session);
    if (entry) {
      assert.deepEqual(await peersOf(client), []);
      const sending = [alice.message(bob, "are you there"), session.message(alice, "and you")];
      for (const envelope of sending) {
        await assert.rejects(client.call("message.send", { envelope }), refusal("no_recipient"));
      }
      const { answer: refused } = await bob.greet("feed");
      assert.equal(refused.error?.code, "not_member");
    } else {
      await client.call("message.send", { envelope: alice.message(bob, "for later") });
    }
    assert.deepEqual(
      lines.map((line) => line.frames.length),
      frames,
    );
  });
}

/** How many messages of a member stand in the log after an entry of the roster. */
function messagesAfter(at: TestBroker, entry: RosterEntry, member: string): number {
  using db = new DatabaseSync(join(at.folder, "broker.db"), { readOnly: true });
  const place = db.prepare("SELECT log_seq FROM roster WHERE seq = ?").get(entry.seq)?.log_seq;
  const late = "SELECT 1 FROM log WHERE kind = 'message' AND sender = ? AND seq > ?";
  return db.prepare(late).all(member, Number(place)).length;
}

test("what a member sends as it is removed stands before its removal or nowhere, and none of its sessions stays", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const client = await alice.connect();
  for (let round = 0; round < 10; round++) {
    const bob = await addMember(alice, "bob");
    const lines = await Promise.all(Array.from({ length: 3 }, () => bob.connect("call")));
    const entry = await removal(alice, client, bob);
    const sessions = Array.from({ length: 10 }, () => new TestSession(bob));
    const ban = client.call("member.ban", { entry });
    const calls = sessions.flatMap((session, n) => {
      const line = lines[n % lines.length] as Client;
      return [
        session.attach(line),
        line.call("message.send", { envelope: bob.message(alice, `late ${n}`) }),
      ];
    });
    await Promise.all([ban, Promise.allSettled(calls)]);
    alice.roster.apply(entry);
    for (const line of lines) assert.equal((await line.closed).code, 4002);
    assert.deepEqual(await peersOf(client), [], `round ${round}`);
    assert.equal(messagesAfter(at, entry, bob.id), 0, `round ${round}`);
  }
});
