import assert from "node:assert/strict";
import { test } from "node:test";
import { Chain, commitment, inviteBody, person, topicId } from "./roster/fixture.ts";
import { mustFail } from "./testing/must-fail.ts";
import {
  generalTopic,
  requireTopicAuthor,
  requireTopicSuccessor,
  signTopic,
  type TopicStatement,
  topicHash,
} from "./topic.ts";

const [owner, ann, bob, eve] = [person(0), person(1), person(2), person(9)];

/** A mesh of owner, ann (member) and bob (member), where ann leads the private topic 2. */
function world() {
  const chain = new Chain();
  for (const [who, n] of [
    [ann, 1],
    [bob, 2],
  ] as const) {
    chain.add(owner, "invite", inviteBody(n, "member"));
    chain.join(who, n);
  }
  const member = chain.roster.memberByKey(ann.keys.sign)?.id;
  assert.ok(member);
  chain.add(ann, "topic_add", { member, role: "lead", topic: topicId(2) });
  chain.add(ann, "topic_key", { commitment: commitment(5), topic: topicId(2), version: 1 });
  return chain.roster;
}

const roster = world();
const statement = (change: Partial<TopicStatement> = {}): TopicStatement => ({
  ...{ mesh: roster.mesh, topic: topicId(1), version: 1, name: "deploys" },
  ...{ visibility: "public", at: roster.headAt },
  ...change,
});
const first = signTopic(statement(), ann.signer);
const secret = { topic: topicId(2), visibility: "private" } as const;

test("a topic is good by a member's signature, and nobody else's", () => {
  assert.equal(requireTopicAuthor(first, roster), roster.memberByKey(ann.keys.sign)?.id);
  mustFail("not_member", () => requireTopicAuthor(signTopic(statement(), eve.signer), roster));
  mustFail("bad_signature", () => requireTopicAuthor({ ...first, name: "deploy" }, roster));
  const other = `mesh_${"ab".repeat(32)}` as typeof roster.mesh;
  const elsewhere = signTopic(statement({ mesh: other }), ann.signer);
  mustFail("malformed", () => requireTopicAuthor(elsewhere, roster));
});

test("nobody says what #general is", () => {
  const general = statement({ topic: generalTopic(roster.mesh) });
  mustFail("forbidden", () => requireTopicAuthor(signTopic(general, owner.signer), roster));
  const named = signTopic(statement({ name: "general" }), owner.signer);
  mustFail("forbidden", () => requireTopicAuthor(named, roster));
});

test("a private topic is described by those in it and by admins, and cannot be passed off as a public one", () => {
  requireTopicAuthor(signTopic(statement(secret), ann.signer), roster);
  requireTopicAuthor(signTopic(statement(secret), owner.signer), roster);
  mustFail("forbidden", () => requireTopicAuthor(signTopic(statement(secret), bob.signer), roster));
  const open = signTopic(statement({ topic: topicId(2) }), ann.signer);
  mustFail("forbidden", () => requireTopicAuthor(open, roster));
  const unknown = signTopic(statement({ visibility: "private" }), ann.signer);
  mustFail("forbidden", () => requireTopicAuthor(unknown, roster));
});

test("its founder and admins change a topic; name, visibility and history stay", () => {
  const next = (change: Partial<TopicStatement>, by = ann) =>
    signTopic(statement({ version: 2, ...change }), by.signer);
  requireTopicSuccessor(first, next({ description: "what went out" }), roster);
  requireTopicSuccessor(first, next({ ended: true }, owner), roster);
  mustFail("forbidden", () => requireTopicSuccessor(first, next({}, bob), roster));
  for (const change of [
    { name: "other" },
    { visibility: "private" },
    { history: "none" },
    { topic: topicId(3) },
  ] as const) {
    mustFail("forbidden", () => requireTopicSuccessor(first, next(change), roster));
  }
});

test("the highest version wins, on a tie the smaller hash, and nothing follows the end", () => {
  const [a, b] = ["one", "two"].map((description) =>
    signTopic(statement({ version: 2, description }), ann.signer),
  );
  assert.ok(a && b);
  const [small, large] = topicHash(a) < topicHash(b) ? [a, b] : [b, a];
  requireTopicSuccessor(large, small, roster);
  mustFail("conflict", () => requireTopicSuccessor(small, large, roster));
  mustFail("conflict", () => requireTopicSuccessor(a, first, roster));
  const ended = signTopic(statement({ version: 3, ended: true }), ann.signer);
  const after = signTopic(statement({ version: 4 }), ann.signer);
  mustFail("conflict", () => requireTopicSuccessor(ended, after, roster));
});
