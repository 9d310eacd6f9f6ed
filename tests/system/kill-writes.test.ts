import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { FaultProxy } from "../../packages/testkit/src/faults/fault-proxy.ts";
import { seeded } from "../../packages/testkit/src/faults/seeded.ts";
import { systemTimer } from "../../packages/testkit/src/faults/system-timer.ts";
import { Person, until } from "../last-metre/support/person.ts";
import { recordWritesOf } from "./broker-log.ts";
import { openHomeStore } from "./home-rows.ts";

const waitingIn = (home: string): string[] => {
  using store = openHomeStore(home);
  const rows = store.rows<{ op: string }>("SELECT op FROM pending_write ORDER BY place");
  return rows.map(({ op }) => op);
};

test("daemon and broker killed between a write and its answer: each write is pending, then there once; a lost claim is told", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-kill-writes-"));
  const data = join(folder, "broker");
  let port = 0;
  const proxy = await FaultProxy.start({
    target: () => port,
    random: seeded(1),
    now: Date.now,
    timer: systemTimer,
  });
  let broker = await BrokerProcess.start({ folder: data, publicUrl: proxy.url });
  port = broker.port;
  const openAlice = () =>
    openDevice({
      home: join(folder, "alice"),
      now: Date.now,
      random: systemRandom,
      defaultName: "alice",
      defaultBroker: proxy.url,
    });
  const bob = new Person("bob", folder, proxy.url);
  try {
    await bob.startDaemon();
    const tasks: string[] = [];
    {
      await using alice = await openAlice();
      await alice.api.mesh.create({ name: "Team" });
      await (await bob.device()).api.invite.claim({
        invite: (await alice.api.invite.create({})).link,
      });
      for (const title of ["mend the build", "write it down"]) {
        tasks.push((await alice.api.task.create({ title })).id);
      }
    }
    const [mine = "", lost = ""] = tasks;
    const { api } = await bob.device();
    assert.equal((await api.task.list({})).items.length, 2);

    // What the broker answers is held back: it has the first write, and bob's daemon does not know.
    proxy.harm({ stalled: true }, "down");
    const unanswered = [api.state.set({ key: "goal", value: "rest" })];
    await until("the first write at the broker", async () =>
      recordWritesOf(data).includes("state.set") ? true : undefined,
    );
    const rest = [
      api.memory.add({ text: "the staging key is rotated on Mondays" }),
      api.task.claim({ id: mine }),
      api.task.claim({ id: lost }),
    ];
    const ended = Promise.allSettled([...unanswered, ...rest]);
    await until("all writes in the home", async () =>
      waitingIn(bob.home).length === 4 ? true : undefined,
    );
    await bob.killDaemon();
    await broker.kill();
    proxy.cut();
    await ended;
    assert.equal(waitingIn(bob.home)[0], "state.set");

    broker = await BrokerProcess.start({ folder: data, publicUrl: proxy.url });
    port = broker.port;
    await proxy.heal();
    {
      await using alice = await openAlice();
      assert.equal((await alice.api.state.get({ key: "goal" })).value, "rest");
      await alice.api.state.set({ key: "goal", value: "ship" });
      await alice.api.task.claim({ id: lost });
    }
    proxy.refuse();
    await bob.startDaemon();
    const again = (await bob.device()).api;
    const pending = await again.state.list({});
    assert.deepEqual(
      pending.items.map(({ key, value, pending: waits }) => [key, value, waits]),
      [["goal", "rest", true]],
    );
    assert.equal((await again.memory.list({})).items[0]?.pending, true);
    const claimed = (await again.task.list({ status: "claimed" })).items;
    assert.deepEqual(
      claimed.map(({ pending: waits }) => waits),
      [true, true],
    );

    await proxy.heal();
    await until("nothing that waits", async () =>
      waitingIn(bob.home).length === 0 ? true : undefined,
    );
    const synced = await again.state.list({});
    assert.deepEqual(
      synced.items.map(({ key, value, pending: waits }) => [key, value, waits]),
      [["goal", "ship", false]],
      "the write that was sent a second time is not carried out a second time",
    );
    const { items } = await again.task.list({});
    assert.deepEqual(items.map(({ title, claimedBy }) => [title, claimedBy?.name]).sort(), [
      ["mend the build", "bob"],
      ["write it down", "alice"],
    ]);
    assert.deepEqual(recordWritesOf(data).sort(), [
      "memory.add",
      "state.set",
      "state.set",
      "task.claim",
      "task.claim",
      "task.create",
      "task.create",
    ]);
    const { notices } = await again.message.inbox({});
    assert.equal(notices.length, 1, JSON.stringify(notices));
    assert.match(notices[0]?.text ?? "", /^task claim .* did not happen: .*claimed.*, by alice$/);
  } finally {
    await bob.stopDaemon();
    await broker[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
