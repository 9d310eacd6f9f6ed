import assert from "node:assert/strict";
import { test } from "node:test";
import { createMeshKey, keyCommitment, sealKeyBundle, systemRandom } from "@claudemesh/crypto";
import { type MemberId, MeshError } from "@claudemesh/protocol";
import { startBroker } from "./support/broker.ts";
import { refusal } from "./support/client.ts";
import { addMember, foundMesh, type TestMember } from "./support/member.ts";

/** A fresh key with rows of it for whom they are wanted. */
function bundleOf(by: TestMember, recipients?: readonly MemberId[]) {
  const key = createMeshKey(systemRandom);
  const { roster } = by;
  const { signer } = by.secret;
  const given = recipients === undefined ? {} : { recipients };
  const rows = sealKeyBundle({ roster, key, signer, random: systemRandom, ...given });
  const epoch = { number: roster.epochs.length, commitment: keyCommitment(roster.mesh, key) };
  return { rows, epoch };
}

test("a key is begun only with a row for every member, and each reads its own row alone", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const client = await alice.connect();
  const { rows, epoch } = bundleOf(alice, [alice.id]);
  await client.call("keys.put", { rows });
  const entry = alice.next("epoch", epoch);
  await assert.rejects(client.call("roster.append", { entry }), (error: unknown) => {
    assert.ok(error instanceof MeshError);
    assert.equal(error.code, "malformed");
    assert.deepEqual(error.detail, { reason: "uncovered", missing: [bob.id] });
    return true;
  });
  const whole = bundleOf(alice);
  await client.call("keys.put", { rows: whole.rows });
  const good = alice.next("epoch", whole.epoch);
  await client.call("roster.append", { entry: good });
  const reader = await bob.connect();
  const { items } = await reader.call("keys.list", { commitments: [whole.epoch.commitment] });
  assert.deepEqual(
    (items as { recipient: MemberId }[]).map(({ recipient }) => recipient),
    [bob.id],
  );
});

test("a row is taken from its author only, and for members only", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const { rows } = bundleOf(alice);
  const thief = await bob.connect();
  await assert.rejects(thief.call("keys.put", { rows }), refusal("forbidden"));
  const client = await alice.connect();
  const [row] = rows;
  assert.ok(row);
  const stranger = { ...row, recipient: `mbr_${"0".repeat(64)}` as MemberId };
  await assert.rejects(client.call("keys.put", { rows: [stranger] }), refusal("not_member"));
  const altered = { ...row, commitment: "0".repeat(64) as typeof row.commitment };
  await assert.rejects(client.call("keys.put", { rows: [altered] }), refusal("bad_signature"));
});

test("only who made an invite says what it opens", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const client = await alice.connect();
  await alice.invite(client);
  const [id] = [...alice.roster.openInvites(Date.now())].map((invite) => invite.id).slice(-1);
  assert.ok(id);
  const welcome = "A".repeat(64) as never;
  const other = await bob.connect();
  await assert.rejects(other.call("invite.renew", { invite: id, welcome }), refusal("forbidden"));
  assert.deepEqual(await client.call("invite.renew", { invite: id, welcome }), { id });
});

test("who lacks the permission or stands too low ends nobody's connections", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const members = await bob.connect();
  await assert.rejects(members.call("member.kick", { members: [alice.id] }), refusal("forbidden"));
  const client = await alice.connect();
  const { items } = (await client.call("member.kick", { members: [bob.id] })) as {
    items: { member: MemberId; connections: number }[];
  };
  assert.deepEqual(items, [{ member: bob.id, connections: 1 }]);
  assert.equal((await members.closed).code, 4001);
});
