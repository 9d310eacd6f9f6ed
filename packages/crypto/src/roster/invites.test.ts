import assert from "node:assert/strict";
import { test } from "node:test";
import type { SealKey } from "@claudemesh/protocol";
import { toBase64 } from "../encoding.ts";
import { signInviteProof } from "../invite-proof.ts";
import { buildJoin } from "./build.ts";
import {
  Chain,
  inviteBody,
  inviteId,
  inviteSigner,
  type Person,
  person,
  refusal,
  startAt,
} from "./fixture.ts";
import { inviteExpired } from "./member.ts";

const [ann, bob, cyd, dan] = [person(0), person(1), person(2), person(3)];

const isVoid = (chain: Chain, n: number) => chain.roster.invites.get(inviteId(n))?.void;

test("uses are counted, and a used-up, revoked or unknown invite lets nobody in", () => {
  const chain = new Chain();
  chain.invite(ann, 1);
  chain.join(bob, 1);
  assert.throws(() => chain.join(cyd, 1), refusal("exhausted", /inv_/));
  chain.invite(ann, 2);
  const body = { invite: inviteId(2) };
  chain.add(ann, "invite_revoke", body);
  assert.throws(() => chain.join(cyd, 2), refusal("revoked", /inv_/));
  assert.throws(() => chain.add(ann, "invite_revoke", body), refusal("revoked", /already/));
  assert.throws(() => chain.join(cyd, 3), refusal("not_found", /inv_/));
  assert.throws(
    () => chain.add(ann, "invite_revoke", { invite: inviteId(3) }),
    refusal("not_found", /inv_/),
  );
  assert.throws(() => chain.invite(ann, 1), refusal("exists", /inv_/));
  const taken = { ...inviteBody(4), invite: inviteId(5) };
  assert.throws(() => chain.add(ann, "invite", taken), refusal("malformed", /^invite/));
});

test("a proof for other keys, another invite or another mesh is refused", () => {
  const chain = new Chain();
  const other = new Chain(person(9));
  chain.invite(ann, 1);
  chain.invite(ann, 2);
  const { mesh } = chain.roster;
  const id = inviteId(1);
  const proofs = [
    signInviteProof({ mesh: mesh, invite: id, keys: bob.keys }, inviteSigner(1)),
    signInviteProof({ mesh: mesh, invite: inviteId(2), keys: cyd.keys }, inviteSigner(1)),
    signInviteProof({ mesh: other.roster.mesh, invite: id, keys: cyd.keys }, inviteSigner(1)),
    signInviteProof({ mesh: mesh, invite: id, keys: cyd.keys }, inviteSigner(2)),
  ];
  for (const proof of proofs) {
    const join = buildJoin(chain.roster, { ...cyd, invite: id, proof, now: startAt });
    assert.throws(() => chain.roster.apply(join), refusal("bad_signature", /invite proof/));
  }
});

test("no key enters twice, not even after leaving", () => {
  const chain = new Chain();
  chain.invite(ann, 1, "member", 9);
  const id = chain.join(bob, 1);
  assert.throws(() => chain.join(bob, 1), refusal("already_member", /signing key/));
  const mixed: Person = { signer: cyd.signer, keys: { ...cyd.keys, seal: bob.keys.seal } };
  assert.throws(() => chain.join(mixed, 1), refusal("already_member", /sealing key/));
  chain.add(bob, "remove", { member: id });
  chain.invite(ann, 2);
  assert.throws(() => chain.join(bob, 2), refusal("already_member", /signing key/));
  assert.throws(() => chain.join(mixed, 2), refusal("already_member", /sealing key/));
});

test("a sealing key that nothing can be sealed to is refused", () => {
  const chain = new Chain();
  chain.invite(ann, 1);
  const flipped = Uint8Array.from(Buffer.from(cyd.keys.seal, "base64url"));
  flipped[31] = (flipped[31] ?? 0) | 0x80;
  const spelledOtherwise = `${cyd.keys.seal.slice(0, -1)}${nextLetter(cyd.keys.seal.at(-1))}`;
  for (const seal of [toBase64(new Uint8Array(32)), toBase64(flipped), spelledOtherwise]) {
    const odd: Person = { signer: cyd.signer, keys: { ...cyd.keys, seal: seal as SealKey } };
    assert.throws(() => chain.join(odd, 1), refusal("malformed", /keys\.seal/));
  }
});

const nextLetter = (letter = "A") => String.fromCharCode(letter.charCodeAt(0) + 1);

test("leaving voids what the member made and what it joined by, and nothing else", () => {
  const chain = new Chain();
  chain.invite(ann, 1, "admin", 5);
  const id = chain.join(bob, 1);
  chain.invite(bob, 2, "member", 5);
  chain.invite(ann, 3);
  chain.add(bob, "remove", { member: id });
  assert.deepEqual([isVoid(chain, 1), isVoid(chain, 2), isVoid(chain, 3)], [true, true, false]);
  assert.throws(() => chain.join(cyd, 2), refusal("revoked", /removed or demoted/));
  const open = chain.roster.openInvites(startAt).map((invite) => invite.id);
  assert.deepEqual(open, [inviteId(3)]);
});

test("losing the right to invite voids invites for good", () => {
  const chain = new Chain();
  chain.invite(ann, 1, "admin", 5);
  const member = chain.join(bob, 1);
  chain.invite(bob, 2, "guest");
  chain.add(ann, "role", { member, role: "admin", permissions: { invite: false } });
  assert.deepEqual([isVoid(chain, 1), isVoid(chain, 2)], [true, true]);
  chain.add(ann, "role", { member, role: "admin" });
  assert.throws(() => chain.join(cyd, 2), refusal("revoked"));
});

test("a demotion that keeps the right voids only invites for roles now above", () => {
  const chain = new Chain();
  chain.add(ann, "policy", { whoMayInvite: "members" });
  chain.invite(ann, 1, "admin", 5);
  const member = chain.join(bob, 1);
  chain.invite(bob, 2, "admin");
  chain.invite(bob, 3, "member");
  chain.add(ann, "role", { member, role: "member" });
  assert.deepEqual([isVoid(chain, 1), isVoid(chain, 2), isVoid(chain, 3)], [true, true, false]);
});

test("a promotion, or a change that takes no right to invite, voids nothing", () => {
  const chain = new Chain();
  chain.invite(ann, 1, "guest", 5);
  const member = chain.join(bob, 1);
  chain.add(ann, "role", { member, role: "member" });
  chain.add(ann, "role", { member, role: "member", permissions: { vault: false } });
  assert.equal(isVoid(chain, 1), false);
  chain.join(dan, 1);
});

test("a demoted member cannot come back by the link it joined by", () => {
  const chain = new Chain();
  chain.invite(ann, 1, "member", 5);
  const member = chain.join(bob, 1);
  chain.add(ann, "role", { member, role: "guest" });
  assert.equal(isVoid(chain, 1), true);
});

test("expiry is the broker's word: the chain takes the join, the helper tells", () => {
  const chain = new Chain();
  chain.add(ann, "invite", { ...inviteBody(1), expiresAt: startAt + 1 });
  const invite = chain.roster.invites.get(inviteId(1));
  assert.ok(invite);
  assert.equal(inviteExpired(invite, startAt), false);
  assert.equal(inviteExpired(invite, startAt + 1), true);
  assert.equal(chain.roster.openInvites(startAt + 1).length, 0);
  chain.join(bob, 1);
});
