import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { backupBroker, checkBroker, restoreBroker } from "@claudemesh/broker/maintenance";
import { systemRandom } from "@claudemesh/crypto";
import { type BareMember, join as enter, found } from "../../packages/testkit/src/bare-member.ts";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { SeededNumbers } from "../../packages/testkit/src/seeded-numbers.ts";
import { checkLog, logOf } from "../system/broker-log.ts";
import { Acknowledged, LoadSender } from "../system/load-on-broker.ts";

const bound = { timeout: 170_000 };

test(
  "a backup of a broker under load holds one moment, and the broker goes on from it",
  bound,
  async (t) => {
    const root = mkdtempSync(join(tmpdir(), "claudemesh-backup-"));
    const folder = join(root, "data");
    const backup = join(root, "backup");
    await using open = new AsyncDisposableStack();
    open.defer(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
    let broker = await BrokerProcess.start({ folder });
    open.defer(() => broker.kill());
    const { port } = broker;
    const alice = await found(broker.url, "alice");
    const members: BareMember[] = [await enter(alice, "bob"), await enter(alice, "carol")];
    const [bob] = members as [BareMember];
    const acknowledged = new Acknowledged();
    const sender = open.use(new LoadSender(alice, members, acknowledged, new SeededNumbers(7)));
    await acknowledged.reaches(200);
    const before = acknowledged.count;

    const told: number[] = [];
    const manifest = await backupBroker({ folder, to: backup, at: Date.now() }, (done, total) =>
      told.push(done / total),
    );
    assert.ok(told.length > 0 && told.at(-1) === 1, told.join(" "));
    await acknowledged.reaches(acknowledged.count + 50);
    await sender.stop();
    const copied = logOf(backup);
    checkLog(
      copied,
      [...acknowledged.seqs].filter(([, seq]) => seq <= copied.length),
    );
    assert.equal(manifest.meshes[0]?.seq, copied.length);
    assert.ok(copied.length >= before && copied.length < logOf(folder).length);
    t.diagnostic(
      `${copied.length} entries in the copy, ${logOf(folder).length} in the log by then`,
    );

    await broker.kill();

    const wish = { from: backup, folder, at: Date.now(), random: systemRandom };
    const restored = await restoreBroker({ ...wish, force: true });
    assert.ok(restored.aside);
    assert.ok((await checkBroker({ folder })).every(({ ok }) => ok));
    broker = await BrokerProcess.start({ folder, port });
    const again = alice.connect("call");
    const envelope = alice.seal(bob, "after the restore");
    const answer = await again.message.send({ envelope });
    assert.equal(answer.seq, copied.length + 1);
    await again.close();
    assert.deepEqual(broker.lines, []);
  },
);
