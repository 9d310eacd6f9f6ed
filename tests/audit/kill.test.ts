import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { checkBroker } from "@claudemesh/broker/maintenance";
import { profileHash, signProfile } from "@claudemesh/crypto";
import type { AuditRow } from "@claudemesh/protocol";
import { type BareMember, join as enter, found } from "../../packages/testkit/src/bare-member.ts";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";

const cycles = 4;

/** The audit chain of a broker's only mesh, as it lies in the database. */
function refsOf(folder: string): (AuditRow["ref"] | undefined)[] {
  const db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  try {
    return db
      .prepare("SELECT body FROM audit ORDER BY seq")
      .all()
      .map(({ body }) => (JSON.parse(String(body)) as AuditRow).ref);
  } finally {
    db.close();
  }
}

/** Changes a member's profile again and again until the broker is gone; answers the hashes of what was acknowledged. */
async function changing(
  member: BareMember,
  version: () => number,
  acknowledged: (hash: string) => void,
): Promise<void> {
  const client = member.connect("call");
  try {
    for (;;) {
      const { mesh, secret } = member;
      const statement = {
        mesh,
        member: member.member,
        version: version(),
        fields: { displayName: "someone" },
        at: Date.now(),
      };
      const profile = signProfile(statement, secret.signer);
      await client.member.update({ profile });
      acknowledged(profileHash(profile));
    }
  } catch {
    // The broker was killed: whether the last one was taken nobody knows.
  } finally {
    await client.close();
  }
}

test("a broker killed between changes has a row for each that it acknowledged, and a whole chain", {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-audit-kill-"));
  let broker = await BrokerProcess.start({ folder });
  const { port } = broker;
  try {
    const alice = await found(broker.url, "alice");
    const bob = await enter(alice, "bob");
    const acknowledged: string[] = [];
    let version = 1;
    for (let cycle = 0; cycle < cycles; cycle++) {
      const enough = Promise.withResolvers<void>();
      const goal = acknowledged.length + 10 + cycle;
      const note = (hash: string) => {
        acknowledged.push(hash);
        if (acknowledged.length >= goal) enough.resolve();
      };
      const next = () => {
        version += 1;
        return version;
      };
      const work = [alice, bob].map((member) => changing(member, next, note));
      await enough.promise;
      await broker.kill();
      await Promise.all(work);
      const found = await checkBroker({ folder });
      assert.deepEqual(
        found.filter(({ ok }) => !ok),
        [],
      );
      const refs = refsOf(folder);
      for (const hash of acknowledged) {
        assert.equal(refs.filter((ref) => ref === hash).length, 1, `${hash} has one row`);
      }
      broker = await BrokerProcess.start({ folder, port });
    }
  } finally {
    await broker.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
