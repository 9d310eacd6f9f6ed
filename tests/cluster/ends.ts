import assert from "node:assert/strict";
import { rekeyOf } from "../authorization/ready.ts";
import { refusal } from "../broker/support/client.ts";
import { addMember, foundMesh, type TestMember } from "../broker/support/member.ts";
import { TestSession } from "../broker/support/session.ts";
import type { Cluster } from "../store/postgres-cluster.ts";
import { atNode, feedOf, sessionsAt, type TwoNodes, until } from "./two-nodes.ts";

/** A member's feed with a session on it, at another node than the mesh's owner, who sees it there. */
async function met({ one, two }: TwoNodes) {
  const alice = await foundMesh(one.url);
  const bob = atNode(await addMember(alice, "bob"), two);
  const [feed, his] = [await feedOf(alice), await feedOf(bob)];
  const session = new TestSession(bob);
  await session.attach(his);
  await until(
    () => sessionsAt(feed),
    (found) => found.includes(session.id),
  );
  const owner = { member: alice, client: feed, session: new TestSession(alice) };
  return { alice, bob, feed, his, session, owner };
}

const gone = (found: readonly string[]): boolean => found.length === 0;

/** A session that is revoked at one node is gone from the other, which takes it no more. */
export async function sessionRevoked(nodes: TwoNodes): Promise<void> {
  const { bob, feed, his, session } = await met(nodes);
  const asBob = await atNode(bob, nodes.one).connect();
  const kept = new TestSession(bob);
  await kept.attach(his);
  const entry = bob.next("session_revoke", { session: session.id });
  await asBob.call("roster.append", { entry });
  for (const client of [feed, his]) {
    await until(
      () => sessionsAt(client),
      (found) => found.join() === kept.id,
    );
  }
  await assert.rejects(session.attach(his), refusal("revoked"));
}

/** New keys of a member, given at one node, end what its old keys hold open at the other. */
export async function rekeyed(nodes: TwoNodes): Promise<void> {
  const { alice, bob, feed, his, owner } = await met(nodes);
  const entry = alice.next("rekey", await rekeyOf(owner, bob));
  await feed.call("roster.append", { entry });
  alice.roster.apply(entry);
  assert.equal((await his.closed).code, 1000);
  await until(() => sessionsAt(feed), gone);
  const old = await bob.greet("call");
  assert.notEqual(old.answer.error, undefined, "the old keys are void");
}

/** A mesh whose log has lost an entry is closed at both nodes by the first cursor that proves it, and no other mesh is. */
export async function frozen(nodes: TwoNodes, { databases }: Cluster): Promise<void> {
  const { alice, bob, feed, his } = await met(nodes);
  const other = await foundMesh(nodes.one.url, "other");
  const { seq } = await feed.call("message.send", { envelope: alice.message(bob, "lost") });
  const { cursor } = await his.request({ type: "receipt", ack: seq, receipts: [] });
  await databases.run(
    nodes.database,
    `DELETE FROM log WHERE seq = ${Number(seq)} AND mesh = (SELECT no FROM mesh WHERE id = '${alice.mesh}')`,
  );
  const { answer } = await atNode(bob, nodes.two).greet("feed", {}, String(cursor));
  assert.equal(answer.error?.code, "log_mismatch");
  for (const client of [feed, his]) assert.equal((await client.closed).code, 4011);
  for (const node of [nodes.one, nodes.two]) await refused(atNode(alice, node));
  for (const node of [nodes.one, nodes.two]) {
    assert.equal((await atNode(other, node).greet("call")).answer.type, "welcome");
  }
}

async function refused(member: TestMember): Promise<void> {
  assert.equal((await member.greet("call")).answer.error?.code, "log_mismatch");
}
