import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  type Broker,
  type BrokerConfig,
  createBroker,
  createLogger,
  loadConfig,
} from "@claudemesh/broker";
import { systemRandom } from "@claudemesh/crypto";
import { type Device, openDevice } from "@claudemesh/device";
import { temporaryFolder } from "../store/temporary-folder.ts";

const hours = 3_600_000;
const bothTimes =
  /the clocks differ too much: the broker's says \d{4}-\S+Z, this machine's \d{4}-\S+Z/;

/** A machine's clock, set by hand. */
class Clock {
  ahead = 0;
  readonly now = (): number => Date.now() + this.ahead;
}

/** A broker and two homes, each by a clock of its own. */
class Ground {
  readonly clocks = { broker: new Clock(), alice: new Clock(), bob: new Clock() };
  readonly #folder: string;
  readonly #overrides: Partial<BrokerConfig>;
  broker: Broker | undefined;
  #port = 0;

  constructor(folder: string, overrides: Partial<BrokerConfig>) {
    this.#folder = folder;
    this.#overrides = overrides;
  }

  async start(): Promise<void> {
    const { now } = this.clocks.broker;
    const log = createLogger({ level: "silent", now, write: () => {} });
    const place = { dataDir: join(this.#folder, "data"), port: this.#port } as const;
    const config = loadConfig({ overrides: { ...this.#overrides, ...place } });
    this.broker = await createBroker(config, { now, log });
    await this.broker.start();
    this.#port = this.broker.port;
  }

  async stop(): Promise<void> {
    await this.broker?.stop();
  }

  open(name: "alice" | "bob"): Promise<Device> {
    return openDevice({
      home: join(this.#folder, name),
      now: this.clocks[name].now,
      random: systemRandom,
      defaultName: name,
      defaultBroker: `http://127.0.0.1:${this.#port}`,
    });
  }

  async found(): Promise<void> {
    await this.start();
    await using alice = await this.open("alice");
    await using bob = await this.open("bob");
    await alice.api.mesh.create({ name: "Team" });
    const { link } = await alice.api.invite.create({});
    await bob.api.invite.claim({ invite: String(link) });
    await alice.api.member.list({});
  }

  /** What the broker's janitor does: what its clock says is too old goes. */
  async expire(): Promise<void> {
    const { now } = this.clocks.broker;
    assert.equal(await this.broker?.store.write.expire({ now: now(), limit: 1_000 }), 0);
  }
}

async function ground(t: TestContext, overrides: Partial<BrokerConfig> = {}): Promise<Ground> {
  const made = new Ground(await temporaryFolder(t), overrides);
  t.after(() => made.stop());
  await made.found();
  return made;
}

/** Shows and confirms everything that waits until `last` came. */
async function readUntil(device: Device, last: string) {
  const shown: string[] = [];
  const notices: string[] = [];
  while (!shown.includes(last)) {
    const inbox = await device.api.message.inbox({ limit: 100, wait: "60s" });
    assert.ok(inbox.items.length > 0, `${last} does not come`);
    assert.ok(inbox.items.every(({ again }) => !again));
    shown.push(...inbox.items.map(({ text }) => text));
    notices.push(...inbox.notices.map(({ text }) => text));
    await device.confirmHandOver();
  }
  return { shown, notices };
}

for (const who of ["broker", "alice", "bob"] as const) {
  for (const jump of [2, -2]) {
    test(`the clock of ${who} jumps by ${jump} hours and back, with messages on their way`, async (t) => {
      const on = await ground(t);
      const expected: string[] = [];
      const alice = await on.open("alice");
      const send = async (device: Device, text: string) => {
        const { state } = await device.api.message.send({ to: "bob", text });
        assert.equal(state, "accepted", text);
        expected.push(text);
      };
      await send(alice, "before");
      on.clocks[who].ahead = jump * hours;
      await on.expire();
      await send(alice, "over the open connection");
      await alice.close();
      {
        await using again = await on.open("alice");
        const sending = send(again, "over a new connection");
        if (who === "bob") await sending;
        else await assert.rejects(sending, { code: "clock_skew", message: bothTimes });
      }
      {
        await using bob = await on.open("bob");
        const { items, notices } = await bob.api.message.inbox({ limit: 1 });
        if (who === "alice") assert.deepEqual([items.length, notices], [1, []]);
        else assert.match(notices.map(({ text }) => text).join(), bothTimes);
        if (items.length > 0) await bob.confirmHandOver();
        expected.splice(0, items.length);
      }
      await on.expire();
      on.clocks[who].ahead = 0;
      await using later = await on.open("alice");
      await send(later, "after");
      await using bob = await on.open("bob");
      const { shown, notices } = await readUntil(bob, "after");
      assert.deepEqual(shown, expected);
      assert.deepEqual(notices, []);
      await on.expire();
    });
  }
}

for (const jump of [2, -2]) {
  test(`what was queued by a clock ${jump} hours off goes out at once by the right one`, async (t) => {
    const on = await ground(t);
    await on.stop();
    on.clocks.alice.ahead = jump * hours;
    const texts = ["one", "two", "three"];
    {
      await using alice = await on.open("alice");
      for (const text of texts) {
        assert.equal((await alice.api.message.send({ to: "bob", text })).state, "queued");
      }
      await assert.rejects(alice.drain(), { code: "offline" });
    }
    on.clocks.alice.ahead = 0;
    await on.start();
    await using alice = await on.open("alice");
    await alice.drain();
    assert.equal((await alice.api.message.send({ to: "bob", text: "last" })).state, "accepted");
    await using bob = await on.open("bob");
    const { shown, notices } = await readUntil(bob, "last");
    assert.deepEqual(shown, [...texts, "last"]);
    assert.deepEqual(notices, []);
  });

  test(`what a broker limits, by a clock ${jump} hours off, goes out by the right one after its pause`, async (t) => {
    // Its pause, of a minute, is longer than a sender waits.
    const on = await ground(t, { rateMessage: { perSecond: 1 / 60, burst: 1 } });
    const text = "limited";
    {
      await using alice = await on.open("alice");
      await alice.api.message.send({ to: "bob", text: "first" });
      on.clocks.alice.ahead = jump * hours;
      assert.equal((await alice.api.message.send({ to: "bob", text })).state, "queued");
    }
    on.clocks.broker.ahead = on.clocks.alice.ahead = 65_000;
    await using alice = await on.open("alice");
    await alice.drain();
    on.clocks.broker.ahead = on.clocks.alice.ahead = on.clocks.bob.ahead = 130_000;
    assert.equal((await alice.api.message.send({ to: "bob", text: "last" })).state, "accepted");
    await using bob = await on.open("bob");
    assert.deepEqual((await readUntil(bob, "last")).shown, ["first", text, "last"]);
  });

  test(`what was shown and not confirmed by a clock ${jump} hours off is shown again by the right one`, async (t) => {
    const on = await ground(t);
    await using alice = await on.open("alice");
    await alice.api.message.send({ to: "bob", text: "hello" });
    {
      await using bob = await on.open("bob");
      await bob.drain();
      on.clocks.bob.ahead = jump * hours;
      const { items } = await bob.api.message.inbox({ limit: 10 });
      assert.deepEqual(
        items.map(({ again }) => again),
        [false],
      );
    }
    on.clocks.bob.ahead = 0;
    await using bob = await on.open("bob");
    const { items } = await bob.api.message.inbox({ limit: 10 });
    assert.deepEqual(
      items.map(({ text, again }) => [text, again]),
      [["hello", true]],
    );
  });
}
