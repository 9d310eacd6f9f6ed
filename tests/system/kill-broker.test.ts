import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type BareMember, join as enter, found } from "../../packages/testkit/src/bare-member.ts";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { SeededNumbers, seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";
import { checkLog, logOf } from "./broker-log.ts";
import { Acknowledged, LoadSender } from "./load-on-broker.ts";
import { LogReader } from "./log-readers.ts";

const cycles = Number(process.env.CYCLES ?? 12);
/** A long run is about kills: its log stays small enough to be checked whole after each one. */
const mostPerCycle = Math.min(300, Math.max(20, Math.floor(30_000 / cycles)));
const bound = { timeout: 300_000 + cycles * 10_000 };

test("a broker killed under load, again and again, loses and doubles nothing", bound, async (t) => {
  const seed = seedOfRun();
  t.diagnostic(`SEED=${seed} CYCLES=${cycles}`);
  const numbers = new SeededNumbers(seed);
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-kill-"));
  let broker = await BrokerProcess.start({ folder });
  const { port } = broker;
  const open = new AsyncDisposableStack();
  open.defer(() => broker.kill());
  try {
    const alice = await found(broker.url, "alice");
    const members: BareMember[] = [alice];
    for (const name of ["bob", "carol", "dave", "erin"]) members.push(await enter(alice, name));
    const recipients = members.slice(0, 3);
    const readers = recipients.map((member) => new LogReader(member));
    for (const reader of readers) {
      open.use(reader);
      await reader.connect();
    }
    const acknowledged = new Acknowledged();
    const senders = members.slice(3).map((member) => {
      const own = new SeededNumbers(numbers.next(2 ** 31));
      return open.use(new LoadSender(member, recipients, acknowledged, own));
    });
    for (let cycle = 0; cycle < cycles; cycle++) {
      await acknowledged.reaches(acknowledged.count + 1 + numbers.next(mostPerCycle));
      await broker.kill();
      broker = await BrokerProcess.start({ folder, port });
      checkLog(logOf(folder), acknowledged.seqs);
      for (const sender of senders) await sender.reconnect();
      // The first reader's client mostly finds its way back by itself.
      for (const reader of cycle % 4 === 3 ? readers : readers.slice(1)) await reader.connect();
    }
    await Promise.all(senders.map((sender) => sender.stop()));
    const rows = logOf(folder);
    checkLog(rows, acknowledged.seqs);
    for (const reader of readers) {
      const own = rows.filter(({ id, audience }) => {
        return audience === `m:${reader.member.member}` && id.startsWith("msg_");
      });
      await reader.has(own.map(({ id }) => id));
      await reader.stop();
      assert.deepEqual(
        [...reader.seen],
        own.map(({ id, seq }) => [id, seq]),
      );
    }
    const ids = new Set(rows.map(({ id }) => id));
    const known = [...acknowledged.inDoubt].filter((id) => ids.has(id)).length;
    assert.ok(acknowledged.count >= cycles);
    t.diagnostic(
      `${cycles} kills: ${acknowledged.count} acknowledged, 0 lost, 0 doubled; ${acknowledged.repeats} repeats told as such; ` +
        `${acknowledged.inDoubt.size} never answered, of which ${known} are in the log once; ` +
        `${readers.reduce((sum, { again }) => sum + again, 0)} events read again behind a cursor`,
    );
  } finally {
    await open.disposeAsync();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
