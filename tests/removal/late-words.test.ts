import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { signGrants, signProfile } from "@claudemesh/crypto";
import { removalOf } from "../authorization/ready.ts";
import { startBroker } from "../broker/support/broker.ts";
import { addMember, foundMesh } from "../broker/support/member.ts";
import { TestSession } from "../broker/support/session.ts";

const rounds = 4;

test("what a member says of itself while it is banned comes before its removal or not at all, and others' words are not held up", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const client = await alice.connect();
  const carol = await addMember(alice, "carol");
  const carols = await carol.connect();
  const { mesh } = alice;
  const profileOf = (of: typeof carol, version: number) =>
    signProfile(
      { mesh, member: of.id, version, fields: { displayName: `v${version}` }, at: Date.now() },
      of.secret.signer,
    );
  const gone: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const bob = await addMember(alice, `bob ${round}`);
    const bobs = await bob.connect();
    const removal = await removalOf(
      { member: alice, client, session: new TestSession(alice) },
      bob.id,
    );
    const entry = alice.next("remove", removal);
    const said = Array.from({ length: 6 }, (_, n) => [
      bobs.call("member.update", { profile: profileOf(bob, n + 2) }),
      bobs.call("grant.set", {
        grants: signGrants(
          { mesh, member: bob.id, version: n + 1, rules: [], at: Date.now() },
          bob.secret.signer,
        ),
      }),
    ]).flat();
    const ban = client.call("member.ban", { entry });
    const other = carols.call("member.update", { profile: profileOf(carol, round + 2) });
    const answers = Promise.allSettled(said);
    await ban;
    await other;
    alice.roster.apply(entry);
    for (const one of await answers) {
      if (one.status === "rejected") assert.notEqual(one.reason.code, "internal");
    }
    gone.push(bob.id);
    bobs.socket.terminate();
  }
  using db = new DatabaseSync(join(at.folder, "broker.db"), { readOnly: true });
  const removedAt = db
    .prepare(
      `SELECT json_extract(body, '$.body.member') AS member, seq FROM log
        WHERE kind = 'roster' AND json_extract(body, '$.type') = 'remove'`,
    )
    .all();
  assert.deepEqual(
    removedAt.map(({ member }) => member),
    gone,
  );
  for (const { member, seq } of removedAt) {
    const late = db
      .prepare(
        "SELECT kind FROM log WHERE sender = ? AND kind IN ('profile', 'grants') AND seq > ?",
      )
      .all(String(member), Number(seq));
    assert.deepEqual(late, []);
  }
  carols.socket.terminate();
});
