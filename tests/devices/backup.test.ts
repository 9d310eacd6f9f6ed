import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read } from "../device/home-fixture.ts";

const passphrase = "correct horse battery";

test("a restored home knows who had a message to many, and sealing it held up nobody", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const { id } = await alice.api.message.send({ to: "*", text: "to all" });
  await read(bob, "60s");
  await alice.drain();
  const readers = async (device: typeof alice) => {
    const { readers: known = [] } = await device.api.message.why({ id });
    return known.map(({ name, state }) => ({ name, state }));
  };
  const before = await readers(alice);
  assert.deepEqual(before, [{ name: "bob", state: "offered" }]);

  const path = ground.home("alice.backup");
  let turns = 0;
  let isDone = false;
  const sealing = alice.api.backup.create({ path, passphrase }).finally(() => {
    isDone = true;
  });
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  count();
  await sealing;
  assert.ok(turns > 100, `the event loop turned ${turns} times while the backup was sealed`);
  await alice.close();
  const again = await ground.device("again");
  await again.api.backup.restore({ path, passphrase });
  assert.deepEqual(await readers(again), before);
});
