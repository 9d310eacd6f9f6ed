import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { type Lie, type LieFamily, tryLie } from "@claudemesh/testkit/evil";
import { EvilStage } from "./evil-stage.ts";

async function hold(stage: EvilStage, lie: Lie): Promise<void> {
  const { honest } = lie.scene;
  const { before, during, after } = await tryLie(stage, lie);
  assert.deepEqual(before, { told: [], facts: honest }, "without the lie");
  const seen = { told: lie.told, facts: { ...honest, ...lie.facts } };
  assert.deepEqual(during, seen, "while the broker lies");
  if (after === undefined) return;
  const facts = { ...honest, ...lie.laterFacts };
  assert.deepEqual(after, { told: lie.later ?? [], facts }, "when it has stopped");
}

/** Nothing that was written, and no invite code, ever crossed the broker in the clear. */
function requireNothingRead(stage: EvilStage): void {
  const read = stage.broker.everythingRead();
  assert.ok(read.length > 10_000, "it read too little to judge");
  for (const secret of stage.secrets()) {
    assert.ok(!read.includes(secret), `the broker could read ${secret}`);
  }
}

/** One test for each lie; the lies of a family share a stage, unless their effect lasts. */
export function tellLies(families: readonly LieFamily[]): void {
  for (const { title, lies } of families) {
    suite(title, () => {
      let shared: Promise<EvilStage> | undefined;
      // Not the last test's matter: that one is not run where lies are picked by name.
      after(async () => {
        await (await shared)?.[Symbol.asyncDispose]();
      });
      for (const lie of lies) {
        test(`a broker that ${lie.says}`, { timeout: 120_000 }, async () => {
          if (lie.lasting === undefined) {
            shared ??= EvilStage.start();
            await hold(await shared, lie);
            return;
          }
          await using own = await EvilStage.start();
          await hold(own, lie);
        });
      }
      test("a broker that reads everything finds nothing in the clear", async () => {
        shared ??= EvilStage.start();
        requireNothingRead(await shared);
      });
    });
  }
}
