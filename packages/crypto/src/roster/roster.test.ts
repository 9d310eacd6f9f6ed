import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultPolicy } from "@claudemesh/protocol";
import { meshIdOf } from "./entry.ts";
import { Chain, genesisBy, person, refusal, sessionIdOf, startAt } from "./fixture.ts";
import { Roster } from "./roster.ts";

const [ann, bob, cyd] = [person(0), person(1), person(2)];

test("a genesis names the mesh and makes its author the owner", () => {
  const genesis = genesisBy(ann);
  const roster = Roster.fromGenesis(genesis, meshIdOf(genesis));
  assert.equal(roster.mesh, meshIdOf(genesis));
  assert.equal(roster.mesh.slice(5), roster.genesisHash);
  assert.deepEqual(roster.head, { seq: 0, hash: roster.genesisHash });
  assert.equal(roster.policy.name, "lab");
  assert.equal(roster.lastBarrier, 0);
  const owner = roster.memberByKey(ann.keys.sign);
  assert.equal(owner?.role, "owner");
  assert.equal(owner?.id.slice(4), roster.genesisHash);
  assert.ok(Object.values(roster.effectivePermissions(owner.id)).every(Boolean));
});

test("a join through an invite brings in a member with the invite's role", () => {
  const chain = new Chain();
  const invite = chain.invite(ann, 1, "admin", 2);
  const id = chain.join(bob, 1);
  const { roster } = chain;
  const member = roster.members.get(id);
  assert.deepEqual(
    [member?.role, member?.joinedSeq, member?.invite, member?.invitedBy, member?.joinedAt],
    ["admin", 2, invite, chain.idOf(ann), startAt + 2000],
  );
  assert.equal(roster.invites.get(invite)?.used, 1);
  assert.equal(roster.sealKey(id), bob.keys.seal);
  assert.equal(roster.signKeyAt(id, 1), undefined);
  assert.equal(roster.signKeyAt(id, 2), bob.keys.sign);
  assert.equal(roster.signKeyAt(id, 3), undefined);
});

test("one who leaves is a member up to the entry before and may sign nothing afterwards", () => {
  const chain = new Chain();
  chain.invite(ann, 1);
  const id = chain.join(bob, 1);
  chain.add(bob, "remove", { member: id });
  const { roster } = chain;
  assert.equal(roster.isMember(id), false);
  assert.equal(roster.memberCount, 1);
  assert.equal(roster.sealKey(id), undefined);
  assert.equal(roster.signKeyAt(id, 2), bob.keys.sign);
  assert.equal(roster.signKeyAt(id, 3), undefined);
  assert.equal(roster.members.get(id)?.removedSeq, 3);
  assert.throws(() => roster.effectivePermissions(id), refusal("not_member"));
  const late = chain.next(bob, "session_revoke", { session: sessionIdOf(1) });
  assert.throws(() => roster.apply(late), refusal("not_member", /session_revoke entry 4/));
});

test("leaving with an epoch, or a stranger's act, is refused", () => {
  const chain = new Chain();
  chain.invite(ann, 1);
  const member = chain.join(bob, 1);
  const epoch = { number: 1, commitment: chain.roster.genesisHash };
  const leave = chain.next(bob, "remove", { member, epoch });
  assert.throws(() => chain.roster.apply(leave), refusal("malformed", /epoch/));
  const stranger = chain.next(cyd, "policy", { requireE2E: true });
  assert.throws(() => chain.roster.apply(stranger), refusal("not_member", /policy entry 3/));
});

test("a policy entry changes only what it names", () => {
  const chain = new Chain();
  const before = chain.roster.policy;
  chain.add(ann, "policy", { requireE2E: true, name: "workshop" });
  assert.deepEqual(chain.roster.policy, { ...before, requireE2E: true, name: "workshop" });
});

test("what a caller does to an entry afterwards does not reach the roster", () => {
  const chain = new Chain();
  const entry = chain.add(ann, "policy", { selfEditable: ["groups"] });
  entry.body.selfEditable?.push("roleTag");
  assert.deepEqual(chain.roster.policy.selfEditable, ["groups"]);
  assert.notEqual(new Chain().roster.policy.selfEditable, defaultPolicy.selfEditable);
});

test("a session is revoked for its member only, and once", () => {
  const chain = new Chain();
  chain.invite(ann, 1, "guest");
  const id = chain.join(bob, 1);
  chain.add(bob, "session_revoke", { session: sessionIdOf(1) });
  assert.equal(chain.roster.isSessionRevoked(id, sessionIdOf(1)), true);
  assert.equal(chain.roster.isSessionRevoked(chain.idOf(ann), sessionIdOf(1)), false);
  const again = chain.next(bob, "session_revoke", { session: sessionIdOf(1) });
  assert.throws(() => chain.roster.apply(again), refusal("revoked", /session ses_/));
});

test("a role entry replaces role and overrides", () => {
  const chain = new Chain();
  chain.invite(ann, 1);
  const member = chain.join(bob, 1);
  chain.add(ann, "role", { member, role: "member", permissions: { deploy: false } });
  assert.equal(chain.roster.effectivePermissions(member).deploy, false);
  chain.add(ann, "role", { member, role: "admin" });
  assert.equal(chain.roster.effectivePermissions(member).deploy, true);
  assert.equal(chain.roster.members.get(member)?.role, "admin");
});

test("a second owner lets the first step down", () => {
  const chain = new Chain();
  chain.invite(ann, 1);
  const member = chain.join(bob, 1);
  chain.add(ann, "role", { member, role: "owner" });
  chain.add(bob, "role", { member: chain.idOf(ann), role: "guest" });
  assert.equal(chain.roster.ownerCount, 1);
  chain.add(ann, "remove", { member: chain.idOf(ann) });
  chain.add(bob, "remove", { member });
  assert.equal(chain.roster.memberCount, 0);
});
