import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain, type Person, person, refusal, topicId } from "./fixture.ts";
import type { RosterTopic } from "./topic.ts";

const [ann, bob, cyd, dan] = [0, 1, 2, 3].map(person) as [Person, Person, Person, Person];

/** Bob, a member, leads topic 1; cyd is in it; dan observes; ann owns the mesh and is outside. */
function mesh(): Chain {
  const chain = new Chain();
  chain.invite(ann, 1, "member", 3);
  for (const one of [bob, cyd, dan]) chain.join(one, 1);
  chain.topicAdd(bob, 1, bob, "lead");
  chain.topicAdd(bob, 1, cyd, "member");
  chain.topicAdd(bob, 1, dan, "observer");
  chain.add(bob, "topic_key", chain.topicKey(1));
  return chain;
}

const topicOf = ({ roster }: Chain): RosterTopic => {
  const topic = roster.topics.get(topicId(1));
  assert.ok(topic);
  return topic;
};
const idsOf = (chain: Chain, ...people: Person[]) => people.map((one) => chain.idOf(one));

test("the chain says who is in a private topic, with which role, and its keys", () => {
  const chain = mesh();
  const topic = topicOf(chain);
  assert.deepEqual([...topic.members.keys()], idsOf(chain, bob, cyd, dan));
  assert.equal(topic.version, 1);
  assert.equal(topic.isKeyDue, false);
  assert.equal(chain.roster.lastBarrier, 0);
  assert.equal(chain.roster.barrierAt(chain.roster.head.seq, topic.id), chain.roster.head.seq);
  const commitment = topic.keys[0]?.commitment;
  assert.ok(commitment);
  assert.deepEqual(chain.roster.keyPlace(commitment), { topic: topic.id, version: 1 });
});

test("a removal makes the key due, and any member who may post changes it", () => {
  const chain = mesh();
  const key = () => chain.next(cyd, "topic_key", chain.topicKey(1));
  assert.throws(() => chain.roster.check(key()), refusal("forbidden", /role member/));
  const { seq } = chain.topicRemove(dan, 1, dan);
  const topic = topicOf(chain);
  assert.equal(topic.isKeyDue, true);
  assert.equal(topic.isKeyDueAt(seq - 1), false);
  assert.equal(topic.roleAt(chain.idOf(dan), seq - 1), "observer");
  assert.equal(topic.roleAt(chain.idOf(dan), seq), undefined);
  chain.add(cyd, "topic_key", chain.topicKey(1));
  assert.deepEqual([topic.version, topic.isKeyDue], [2, false]);
  assert.deepEqual([topic.keyAt(seq)?.version, topic.keyAt(0)], [1, undefined]);
});

test("one who leaves the mesh, or is removed from it, makes the key due in its topics", () => {
  for (const leave of [
    (chain: Chain) => chain.add(cyd, "remove", { member: chain.idOf(cyd) }),
    (chain: Chain) => chain.remove(ann, cyd),
  ]) {
    const chain = mesh();
    leave(chain);
    assert.equal(topicOf(chain).isKeyDue, true);
    assert.deepEqual([...topicOf(chain).members.keys()], idsOf(chain, bob, dan));
    const byObserver = chain.next(dan, "topic_key", chain.topicKey(1));
    assert.throws(() => chain.roster.check(byObserver), refusal("forbidden", /observer/));
    chain.add(bob, "topic_key", chain.topicKey(1));
  }
});

test("versions come in order, each with a new key", () => {
  const chain = mesh();
  const skip = { ...chain.topicKey(1), version: 3 };
  const again = { ...chain.topicKey(1), version: 1 };
  const check = (body: typeof skip) => chain.roster.check(chain.next(bob, "topic_key", body));
  assert.throws(() => check(skip), refusal("malformed", /^version.*2, not 3/));
  assert.throws(() => check(again), refusal("malformed", /^version/));
  const commitment = topicOf(chain).keys[0]?.commitment ?? skip.commitment;
  assert.throws(() => check({ ...skip, version: 2, commitment }), refusal("exists"));
});

test("leads and admins say who is in it, and the role can change", () => {
  const chain = mesh();
  const add = (by: Person) => {
    const body = { topic: topicId(1), member: chain.idOf(ann), role: "member" } as const;
    return chain.next(by, "topic_add", body);
  };
  assert.throws(() => chain.roster.check(add(cyd)), refusal("forbidden", /role member/));
  chain.topicAdd(ann, 1, ann, "lead");
  chain.topicAdd(ann, 1, bob, "observer");
  assert.throws(() => chain.topicAdd(ann, 1, bob, "observer"), refusal("exists"));
  assert.equal(topicOf(chain).isKeyDue, false);
  const key = chain.next(bob, "topic_key", chain.topicKey(1));
  assert.throws(() => chain.roster.check(key), refusal("forbidden"));
});

test("only members of the mesh are added, and only those in a topic removed", () => {
  const chain = mesh();
  const gone = chain.idOf(dan);
  chain.remove(ann, dan);
  const back = { topic: topicId(1), member: gone, role: "member" } as const;
  assert.throws(() => chain.add(bob, "topic_add", back), refusal("not_found", /mbr_/));
  assert.throws(() => chain.topicRemove(bob, 1, ann), refusal("not_found", /is not in the topic/));
  assert.throws(() => chain.topicRemove(bob, 2, cyd), refusal("not_found", /no private topic/));
  chain.add(ann, "restore", { member: gone });
  assert.equal(topicOf(chain).members.has(gone), false);
});
