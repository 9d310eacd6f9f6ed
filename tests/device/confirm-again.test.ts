import assert from "node:assert/strict";
import { test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import { buildContext } from "../../packages/device/src/build-context.ts";
import { deviceOver } from "../../packages/device/src/device.ts";
import { Ground } from "./home-fixture.ts";

test("what could not be confirmed for a failure of storage can be confirmed again, with or without its ids", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice", "bob");
  assert.ok(alice);
  const now = Date.now;
  const options = { home: ground.home("bob"), now, random: systemRandom, defaultName: "bob" };
  const ctx = buildContext(options);
  await using bob = deviceOver(ctx);
  for (const withIds of [false, true]) {
    await alice.api.message.send({ to: "bob", text: `read me ${withIds}` });
    const { items } = await bob.api.message.inbox({});
    assert.equal(items.length, 1);
    const ids = withIds ? items.map(({ id }) => id) : undefined;
    ctx.store.run(
      "CREATE TRIGGER broken BEFORE UPDATE ON inbox BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
    await assert.rejects(bob.confirmHandOver("cli", ids));
    ctx.store.run("DROP TRIGGER broken");
    assert.equal(await bob.confirmHandOver("cli", ids), 1);
    assert.equal(await bob.confirmHandOver("cli", ids), 0);
  }
});
