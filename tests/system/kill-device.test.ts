import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { SeededNumbers, seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";
import { openHomeStore } from "./home-rows.ts";
import { type Said, verbsUntilKilled } from "./killed-verbs.ts";

const cycles = Number(process.env.CYCLES ?? 6);
const bound = { timeout: 300_000 + cycles * 10_000 };

/** What was shown so far; throws for a text that is shown again without the word. */
class Shown {
  readonly texts = new Set<string>();
  again = 0;

  take(items: readonly Said[]): void {
    for (const { text, again } of items) {
      assert.ok(!this.texts.has(text) || again, `${text} was shown twice as if it were new`);
      if (again) this.again += 1;
      this.texts.add(text);
    }
  }
}

test(
  "homes killed while they send and read, and the broker with them, lose nothing that was taken",
  bound,
  async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed} CYCLES=${cycles}`);
    const numbers = new SeededNumbers(seed);
    const root = mkdtempSync(join(tmpdir(), "claudemesh-kill-"));
    const folder = join(root, "data");
    let broker = await BrokerProcess.start({ folder });
    const { url: defaultBroker, port } = broker;
    const home = (name: string) => join(root, name);
    const open = (name: string) =>
      openDevice({
        home: home(name),
        now: Date.now,
        random: systemRandom,
        defaultName: name,
        defaultBroker,
      });
    try {
      {
        await using alice = await open("alice");
        await using bob = await open("bob");
        await alice.api.mesh.create({ name: "Team" });
        const { link } = await alice.api.invite.create({});
        await bob.api.invite.claim({ invite: link });
        await alice.api.member.list({});
      }
      const taken: string[] = [];
      const states = new Map<string, number>();
      const shown = new Shown();
      const some = () => ({ lines: 1 + numbers.next(12), delayMs: numbers.next(15) });
      for (let cycle = 0; cycle < cycles; cycle++) {
        const isDown = cycle % 3 === 1;
        if (isDown) await broker.kill();
        const sending = verbsUntilKilled("send", home("alice"), `cycle ${cycle}`, some(), t.signal);
        const until = { ...some(), orAfter: sending };
        const reading = isDown ? [] : verbsUntilKilled("inbox", home("bob"), "", until, t.signal);
        for (const { text, state = "" } of await sending) {
          taken.push(text);
          states.set(state, (states.get(state) ?? 0) + 1);
        }
        if (isDown) broker = await BrokerProcess.start({ folder, port });
        shown.take(await reading);
      }
      assert.ok((states.get("accepted") ?? 0) > 0 && (states.get("queued") ?? 0) > 0);

      await using alice = await open("alice");
      await alice.api.message.send({ to: "bob", text: "the last one" });
      await using bob = await open("bob");
      const notices: string[] = [];
      while (!shown.texts.has("the last one")) {
        const inbox = await bob.api.message.inbox({ wait: "60s", limit: 100 });
        assert.ok(inbox.items.length > 0, "the last one does not come");
        notices.push(...inbox.notices.map(({ text }) => text));
        shown.take(inbox.items);
        await bob.confirmHandOver();
      }
      for (const text of taken) assert.ok(shown.texts.has(text), `${text} is lost`);
      assert.deepEqual(notices, []);

      using inbox = openHomeStore(home("bob"));
      using outbox = openHomeStore(home("alice"));
      const sent = outbox.rows<{ n: number }>("SELECT n FROM outbox ORDER BY n").map(({ n }) => n);
      assert.deepEqual(
        sent,
        sent.map((_, i) => i + 1),
      );
      const counters = inbox.rows<object>("SELECT first_n, last_n FROM received_counter");
      assert.deepEqual(
        counters.map((row) => ({ ...row })),
        [{ first_n: 1, last_n: sent.length }],
      );
      assert.deepEqual(inbox.rows("SELECT * FROM gap"), []);
      const rows = inbox.rows<{ text: string }>("SELECT text FROM inbox");
      assert.equal(new Set(rows.map(({ text }) => text)).size, rows.length);
      assert.equal(rows.length, sent.length);
      t.diagnostic(
        `${cycles} kills each: ${taken.length} taken (${[...states].map((one) => one.join(" ")).join(", ")}), ` +
          `${sent.length} sent in all, 0 lost, 0 shown twice as new, ${shown.again} shown again and marked so, counters 1 to ${sent.length} without a gap`,
      );
    } finally {
      await broker.kill();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
