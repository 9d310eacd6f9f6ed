import assert from "node:assert/strict";
import { test } from "node:test";
import { AuditWalk, isAuditHeadSigned } from "@claudemesh/crypto";
import type { AuditHead, AuditRow } from "@claudemesh/protocol";
import { startBroker } from "../broker/support/broker.ts";
import type { Client } from "../broker/support/client.ts";
import { addMember, foundMesh, type TestMember } from "../broker/support/member.ts";

interface Answer {
  readonly items: readonly AuditRow[];
  readonly head: AuditHead;
  readonly anchor?: AuditHead;
}

/** A connection that is closed at the end of the scope. */
async function lineOf(member: TestMember): Promise<Client & AsyncDisposable> {
  const client = await member.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

const rowsOf = async (client: Client, after = 0): Promise<Answer> =>
  (await client.call("audit.list", { after, limit: 500 })) as unknown as Answer;

test("every change of a mesh is a row that names the call, who made it and whom it concerns", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice, "bob");
  await using client = await lineOf(alice);
  await client.call("member.update", { profile: alice.profile("alice", 2) });
  await client.call("message.send", { envelope: alice.message(bob, "not in the chain") });
  await client.call("member.disconnect", { members: [bob.id] });
  const { items, head } = await rowsOf(client);
  const by = { member: alice.id, device: alice.device };
  assert.deepEqual(
    items.map((row) => [row.seq, row.act, row.op, row.by?.member, row.about?.slice(0, 4)]),
    [
      [1, "roster.genesis", "mesh.create", alice.id, undefined],
      [2, "roster.invite", "invite.create", alice.id, "inv_"],
      [3, "roster.join", "invite.claim", bob.id, "mbr_"],
      [4, "profile", "member.update", alice.id, "mbr_"],
      [5, "connections.end", "member.disconnect", alice.id, "mbr_"],
    ],
  );
  assert.deepEqual(items[3]?.by, by);
  const walk = new AuditWalk(alice.mesh, { seq: 0, hash: "" });
  assert.equal(walk.take(items), undefined);
  assert.equal(walk.end(head), undefined);
  assert.ok(isAuditHeadSigned(head));
  assert.equal(head.key, at.broker.audit.key);
  assert.doesNotMatch(JSON.stringify(items), /not in the chain|alice"|"bob/);
});

test("what is repeated or refused leaves no row", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  await using client = await lineOf(alice);
  const profile = alice.profile("alice", 2);
  for (let times = 0; times < 3; times++) await client.call("member.update", { profile });
  await assert.rejects(client.call("member.update", { profile: alice.profile("other", 1) }));
  await assert.rejects(client.call("mesh.rename", { entry: { nonsense: true } }));
  const { items } = await rowsOf(client);
  assert.deepEqual(
    items.map(({ act }) => act),
    ["roster.genesis", "profile"],
  );
});

test("only those who may change the settings read the chain", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice, "bob");
  await using client = await lineOf(bob);
  await assert.rejects(rowsOf(client), { code: "forbidden" });
});

test("a question that waits is answered by the next row, and by nothing that is no change", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice, "bob");
  await using waiting = await lineOf(alice);
  await using acting = await lineOf(alice);
  const { head } = await rowsOf(acting);
  const asked = { after: head.seq, limit: 10, waitMs: 20_000 };
  const ask = async (): Promise<Answer> => {
    const answer = (await waiting.call("audit.list", asked)) as unknown as Answer;
    // A machine that was busy for so long is asked again; what is no change has woken nobody either way.
    return answer.items.length === 0 ? await ask() : answer;
  };
  const answer = ask();
  await acting.call("message.send", { envelope: alice.message(bob, "hi") });
  await acting.call("member.update", { profile: alice.profile("alice", 2) });
  assert.deepEqual(
    (await answer).items.map(({ act }) => act),
    ["profile"],
  );
});

test("many writers at once do not fork a mesh's chain, and each mesh has its own", async () => {
  await using at = await startBroker();
  const meshes = await Promise.all([foundMesh(at.url, "one"), foundMesh(at.url, "two")]);
  await Promise.all(
    meshes.map(async (owner) => {
      await using first = await lineOf(owner);
      await using second = await lineOf(owner);
      const lines = [first, second];
      await Promise.allSettled(
        Array.from({ length: 60 }, (_, n) =>
          (lines[n % 2] as Client).call("member.update", { profile: owner.profile("me", n + 2) }),
        ),
      );
      await first.call("member.update", { profile: owner.profile("me", 99) });
    }),
  );
  for (const owner of meshes) {
    await using client = await lineOf(owner);
    const { items, head } = await rowsOf(client);
    assert.ok(items.length >= 3);
    assert.equal(items.at(-1)?.seq, items.length);
    const walk = new AuditWalk(owner.mesh, { seq: 0, hash: "" });
    assert.equal(walk.take(items), undefined);
    assert.equal(walk.end(head), undefined);
  }
});
