import assert from "node:assert/strict";
import { test } from "node:test";
import { Roster } from "@claudemesh/crypto";
import { limits, MeshError, type RosterEntry } from "@claudemesh/protocol";
import { startBroker } from "./support/broker.ts";
import { Client, refusal } from "./support/client.ts";
import { addMember, foundMesh, Joiner, type TestMember } from "./support/member.ts";
import { HeldTimer } from "./support/time.ts";

async function learn(member: TestMember, client: Client): Promise<void> {
  const { items } = await client.call("roster.list", { after: member.roster.head.seq });
  member.roster.append(items as RosterEntry[]);
}

const inviteUntilDone = async (member: TestMember, client: Client) => {
  for (let conflicts = 0; ; conflicts++) {
    const { entry, welcome } = member.inviteEntry();
    try {
      await client.call("invite.create", { entry, welcome });
      return conflicts;
    } catch (error) {
      if (!(error instanceof MeshError) || error.code !== "roster_conflict") throw error;
      member.roster.append((error.detail?.items ?? []) as RosterEntry[]);
    }
  }
};

test("twenty who write the roster at once all succeed, each after one conflict at most", async () => {
  // Nobody misses its turn, however slow the machine is.
  await using at = await startBroker({}, { timer: new HeldTimer(limits.rosterTurnMs) });
  const alice = await foundMesh(at.url);
  const client = await alice.connect();
  const policy = alice.next("policy", { whoMayInvite: "members" });
  await client.call("mesh.settings", { entry: policy });
  alice.roster.apply(policy);
  const members: TestMember[] = [];
  for (let link = 0; link < 4; link++) {
    const code = await alice.invite(client, 5);
    const joining = await Client.open(at.url);
    for (let n = 0; n < 5 && members.length < 19; n++) {
      members.push(await new Joiner(at.url, alice.mesh, code).join(joining));
    }
    await joining.close();
    await learn(alice, client);
  }
  const authors = [alice, ...members];
  const clients = await Promise.all(authors.map((author) => author.connect()));
  await Promise.all(authors.map((author, n) => learn(author, clients[n] as Client)));
  const conflicts = await Promise.all(
    authors.map((author, n) => inviteUntilDone(author, clients[n] as Client)),
  );
  assert.equal(conflicts.length, 20);
  assert.ok(Math.max(...conflicts) <= 1, `conflicts: ${conflicts}`);
  const chain = await client.call("roster.list", { after: -1 });
  const [genesis, ...rest] = chain.items as RosterEntry[];
  const roster = Roster.fromGenesis(genesis as RosterEntry);
  roster.append(rest);
  assert.equal(roster.invites.size, 24);
});

test("an author who conflicts is told what is new, and a repeat of its entry is answered again", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const client = await alice.connect();
  const first = alice.next("policy", { retentionDays: 10 });
  const second = alice.next("policy", { retentionDays: 20 });
  await client.call("mesh.settings", { entry: first });
  await assert.rejects(client.call("mesh.settings", { entry: second }), (error: unknown) => {
    assert.ok(error instanceof MeshError);
    assert.equal(error.code, "roster_conflict");
    assert.deepEqual(error.detail?.items, [first]);
    return true;
  });
  const again = await client.call("mesh.settings", { entry: first });
  assert.equal((again.policy as { retentionDays: number }).retentionDays, 10);
});

test("only a member's own acts are taken, and only with a true clock", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const client = await bob.connect();
  const entry = alice.next("policy", { retentionDays: 10 });
  await assert.rejects(client.call("mesh.settings", { entry }), refusal("forbidden"));
  bob.now = () => Date.now() + 120_000;
  const late = bob.next("remove", { member: bob.id });
  await assert.rejects(client.call("mesh.leave", { entry: late }), refusal("clock_skew"));
});

test("of a hundred who claim a single-use link at once exactly one gets in", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const code = await alice.invite(await alice.connect());
  const clients = await Promise.all(Array.from({ length: 20 }, () => Client.open(at.url)));
  const joiners = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const joiner = new Joiner(at.url, alice.mesh, code);
      await joiner.readChain(clients[n % clients.length] as Client);
      return joiner;
    }),
  );
  const results = await Promise.allSettled(
    joiners.map((joiner, n) =>
      (clients[n % clients.length] as Client).call("invite.claim", joiner.claim()),
    ),
  );
  const codes = results.map((result) =>
    result.status === "fulfilled" ? "in" : (result.reason as MeshError).code,
  );
  assert.equal(codes.filter((found) => found === "in").length, 1);
  assert.equal(codes.filter((found) => found === "exhausted").length, 99);
});

test("a lost reply to a claim loses nothing: the same keys get the same entry and the blob", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const code = await alice.invite(await alice.connect());
  const joining = await Client.open(at.url);
  const joiner = new Joiner(at.url, alice.mesh, code);
  await joiner.readChain(joining);
  const input = joiner.claim();
  const [first, second] = await Promise.all([
    joining.call("invite.claim", input),
    joining.call("invite.claim", input),
  ]);
  assert.deepEqual(second, first);
  const later = joiner.claim("guest", Date.now() + 1_000);
  assert.deepEqual(await joining.call("invite.claim", later), first);
  assert.equal(typeof first.welcome, "string");
});

test("joins through one invite are at most five per second", async () => {
  let now = Date.now();
  await using at = await startBroker({}, { now: () => now });
  const clock = () => now;
  const alice = await foundMesh(at.url, "lab", clock);
  const code = await alice.invite(await alice.connect(), 20);
  const joining = await Client.open(at.url);
  for (let n = 0; n < 5; n++) await new Joiner(at.url, alice.mesh, code).join(joining);
  const sixth = new Joiner(at.url, alice.mesh, code);
  await assert.rejects(sixth.join(joining), (error: unknown) => {
    assert.ok(error instanceof MeshError && error.code === "rate_limited");
    assert.equal(error.retryAfterMs, 200);
    return true;
  });
  now += 200;
  await sixth.join(joining);
});

test("an expired link is refused by the broker's clock", async () => {
  let now = Date.now();
  await using at = await startBroker({}, { now: () => now });
  const alice = await foundMesh(at.url, "lab", () => now);
  const code = await alice.invite(await alice.connect(), 1, now + 10_000);
  const joining = await Client.open(at.url);
  const joiner = new Joiner(at.url, alice.mesh, code);
  await joiner.readChain(joining);
  now += 10_000;
  await assert.rejects(joining.call("invite.claim", joiner.claim("late", now)), refusal("expired"));
});
