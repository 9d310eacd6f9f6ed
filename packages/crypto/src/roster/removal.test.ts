import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain, commitment, inviteId, type Person, person, refusal, topicId } from "./fixture.ts";

const [ann, bob, cyd, dan] = [0, 1, 2, 3].map(person) as [Person, Person, Person, Person];

/** Ann owns, bob is an admin, cyd a member who invited. */
function mesh(): Chain {
  const chain = new Chain();
  chain.invite(ann, 1, "admin");
  chain.join(bob, 1);
  chain.invite(ann, 2);
  chain.join(cyd, 2);
  return chain;
}

test("the removal of another starts an epoch, is a barrier, and ends what the member said before", () => {
  const chain = mesh();
  const id = chain.idOf(cyd);
  const { roster } = chain;
  const entry = chain.remove(bob, cyd);
  assert.equal(roster.isMember(id), false);
  assert.deepEqual(roster.epochs.at(-1), { ...entry.body.epoch, seq: entry.seq });
  assert.equal(roster.lastBarrier, entry.seq);
  assert.equal(roster.members.get(id)?.removedBy, chain.idOf(bob));
  assert.deepEqual(roster.trustEnd(id, 4, entry.seq), { seq: entry.seq, why: "removed" });
  assert.equal(roster.trustEnd(id, 4, entry.seq - 1), undefined);
  assert.equal(roster.trustEnd(id, entry.seq, entry.seq), undefined);
  assert.equal(roster.sealKey(id), undefined);
});

test("one who leaves is no barrier and stays trusted for what came before, but the key is due", () => {
  const chain = mesh();
  const id = chain.idOf(cyd);
  chain.add(cyd, "remove", { member: id });
  const { roster } = chain;
  assert.equal(roster.lastBarrier, 0);
  assert.equal(roster.trustEnd(id, 0, roster.head.seq), undefined);
  assert.equal(roster.isEpochDue, true);
  chain.add(bob, "epoch", chain.epoch());
  assert.equal(roster.isEpochDue, false);
  assert.equal(roster.lastBarrier, roster.head.seq);
});

test("the removal of another names the next epoch, and a new key", () => {
  const chain = mesh();
  const member = chain.idOf(cyd);
  const remove = (epoch?: { number: number; commitment: ReturnType<typeof commitment> }) =>
    chain.next(ann, "remove", epoch === undefined ? { member } : { member, epoch });
  const { roster } = chain;
  assert.throws(() => roster.check(remove()), refusal("malformed", /^epoch/));
  const far = { ...chain.epoch(), number: 2 };
  assert.throws(() => roster.check(remove(far)), refusal("malformed", /^number.*1, not 2/));
  const again = { number: 1, commitment: roster.epochs[0]?.commitment ?? commitment(0) };
  assert.throws(() => roster.check(remove(again)), refusal("exists", /^commitment/));
  roster.check(remove(chain.epoch()));
});

test("a removal voids invites and takes the member out of its topics", () => {
  const chain = mesh();
  chain.invite(bob, 3, "member", 5);
  chain.topicAdd(ann, 1, ann, "lead");
  chain.topicAdd(ann, 1, bob, "member");
  chain.add(ann, "topic_key", chain.topicKey(1));
  chain.remove(ann, bob);
  const topic = chain.roster.topics.get(topicId(1));
  assert.equal(chain.roster.invites.get(inviteId(3))?.void, true);
  assert.equal(topic?.members.size, 1);
  assert.equal(topic?.isKeyDue, true);
  assert.throws(() => chain.join(dan, 3), refusal("revoked"));
});

test("a removed member comes back by its keys at role member, or with new keys by an invite", () => {
  const chain = mesh();
  const id = chain.idOf(bob);
  const removal = chain.remove(ann, bob);
  const late = chain.next(bob, "epoch", chain.epoch());
  assert.throws(() => chain.roster.check(late), refusal("not_member"));
  chain.invite(ann, 5, "member", 2);
  assert.throws(() => chain.join(bob, 5), refusal("already_member"));
  chain.join(dan, 5);
  const { seq } = chain.add(ann, "restore", { member: id });
  const { roster } = chain;
  const member = roster.members.get(id);
  assert.deepEqual(
    [member?.role, member?.removedSeq, member?.removedBy, member?.joinedSeq],
    ["member", undefined, undefined, 2],
  );
  assert.equal(roster.signKeyAt(id, removal.seq - 1), bob.keys.sign);
  assert.equal(roster.signKeyAt(id, removal.seq), undefined);
  assert.equal(roster.signKeyAt(id, seq - 1), undefined);
  assert.equal(roster.signKeyAt(id, seq), bob.keys.sign);
  assert.equal(roster.memberCount, 4);
  assert.equal(roster.epochs.length, 2);
  assert.deepEqual(roster.trustEnd(id, 3, seq), { seq: removal.seq, why: "removed" });
});

test("only owners restore, and only whom another removed", () => {
  const chain = mesh();
  const gone = chain.idOf(cyd);
  const restore = (by: Person, member = gone) => chain.next(by, "restore", { member });
  assert.throws(() => chain.roster.check(restore(ann)), refusal("forbidden", /is in the mesh/));
  chain.add(cyd, "remove", { member: gone });
  assert.throws(() => chain.roster.check(restore(ann)), refusal("forbidden", /left by itself/));
  const removed = chain.idOf(bob);
  chain.remove(ann, bob);
  const stranger = `mbr_${"0".repeat(64)}` as typeof removed;
  assert.throws(() => chain.roster.check(restore(ann, stranger)), refusal("not_found"));
  assert.throws(() => chain.roster.check(restore(bob, removed)), refusal("not_member"));
  chain.invite(ann, 6, "admin");
  chain.join(dan, 6);
  assert.throws(
    () => chain.roster.check(restore(dan, removed)),
    refusal("forbidden", /an admin may not/),
  );
});
