import assert from "node:assert/strict";
import { test } from "node:test";
import { type SealKey, SignKey } from "@claudemesh/protocol";
import { toBase64 } from "../encoding.ts";
import { rekeyProof } from "../rekey.ts";
import { Chain, inviteId, type Person, person, refusal, sessionIdOf } from "./fixture.ts";

const [ann, bob, cyd, dan, fay] = [0, 1, 2, 3, 4].map(person) as [
  Person,
  Person,
  Person,
  Person,
  Person,
];

function mesh(): Chain {
  const chain = new Chain();
  chain.invite(ann, 1, "admin", 5);
  chain.join(bob, 1);
  return chain;
}

test("a rekey replaces the keys, keeps the member, and starts an epoch", () => {
  const chain = mesh();
  const id = chain.idOf(bob);
  const entry = chain.rekey(bob, bob, cyd);
  const { roster } = chain;
  assert.equal(chain.idOf(cyd), id);
  assert.deepEqual(roster.members.get(id)?.keys, cyd.keys);
  assert.equal(roster.members.get(id)?.rekeyedSeq, entry.seq);
  assert.equal(roster.members.get(id)?.role, "admin");
  assert.equal(roster.signKeyAt(id, entry.seq - 1), bob.keys.sign);
  assert.equal(roster.signKeyAt(id, entry.seq), cyd.keys.sign);
  assert.equal(roster.sealKey(id), cyd.keys.seal);
  assert.equal(roster.lastBarrier, entry.seq);
  assert.equal(roster.epochAt(entry.seq - 1).number, 0);
  assert.equal(roster.epochAt(entry.seq).number, 1);
  assert.deepEqual(roster.trustEnd(id, 2, entry.seq), { seq: entry.seq, why: "rekeyed" });
});

test("the old key signs nothing any more, and never comes back", () => {
  const chain = mesh();
  chain.rekey(bob, bob, cyd);
  const { roster } = chain;
  const late = chain.next(bob, "session_revoke", { session: sessionIdOf(1) });
  assert.throws(() => roster.check(late), refusal("not_member", /other keys since entry 3/));
  chain.invite(ann, 2);
  assert.throws(() => chain.join(bob, 2), refusal("already_member", /signing key/));
  assert.throws(() => roster.check(chain.nextRekey(cyd, cyd, bob)), refusal("already_member"));
  const mixed: Person = { signer: fay.signer, keys: { ...fay.keys, seal: bob.keys.seal } };
  assert.throws(
    () => roster.check(chain.nextRekey(cyd, cyd, mixed)),
    refusal("already_member", /sealing key of the rekey/),
  );
  chain.rekey(cyd, cyd, dan);
  assert.equal(chain.idOf(dan), chain.idOf(bob));
});

test("an owner rekeys whoever lost the keys; an admin or a member only itself", () => {
  const chain = mesh();
  chain.invite(ann, 2);
  chain.join(cyd, 2);
  const { roster } = chain;
  assert.throws(() => roster.check(chain.nextRekey(bob, cyd, dan)), refusal("forbidden", /admin/));
  assert.throws(() => roster.check(chain.nextRekey(cyd, ann, dan)), refusal("forbidden"));
  chain.rekey(ann, cyd, dan);
  chain.rekey(ann, ann, fay);
  assert.equal(roster.ownerCount, 1);
  chain.add(dan, "remove", { member: chain.idOf(dan) });
  const gone = chain.nextRekey(fay, dan, person(9));
  assert.throws(() => roster.check(gone), refusal("not_found", /mbr_/));
});

test("the holder of the new key takes part, for this mesh, member, epoch and keys", () => {
  const chain = mesh();
  const { body } = chain.nextRekey(bob, bob, cyd);
  const other = new Chain(dan);
  const { newSig: _sig, ...statement } = body;
  const foreign = rekeyProof.sign({ mesh: other.roster.mesh, ...statement }, cyd.signer);
  const mine = { mesh: chain.roster.mesh, ...statement };
  for (const newSig of [
    foreign,
    rekeyProof.sign(mine, bob.signer),
    rekeyProof.sign({ ...mine, epoch: { ...body.epoch, number: 2 } }, cyd.signer),
    rekeyProof.sign({ ...mine, member: chain.idOf(ann) }, cyd.signer),
    rekeyProof.sign({ ...mine, keys: { ...body.keys, seal: fay.keys.seal } }, cyd.signer),
  ]) {
    const entry = chain.next(bob, "rekey", { ...body, newSig });
    assert.throws(() => chain.roster.check(entry), refusal("bad_signature", /new key/));
  }
  chain.roster.check(chain.next(bob, "rekey", body));
});

test("a rekey to a key that nothing can be sealed to is refused", () => {
  const chain = mesh();
  const seal = toBase64(new Uint8Array(32)) as SealKey;
  const odd: Person = { signer: cyd.signer, keys: { sign: cyd.keys.sign, seal } };
  assert.ok(SignKey.safeParse(seal).success);
  assert.throws(() => chain.roster.check(chain.nextRekey(bob, bob, odd)), refusal("malformed"));
});

test("a rekey voids the invites that the member made or joined by", () => {
  const chain = mesh();
  chain.invite(bob, 3);
  chain.invite(ann, 4);
  chain.rekey(ann, bob, cyd);
  const isVoid = [1, 3, 4].map((n) => chain.roster.invites.get(inviteId(n))?.void);
  assert.deepEqual(isVoid, [true, true, false]);
});
