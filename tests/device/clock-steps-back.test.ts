import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read, texts } from "./home-fixture.ts";

/** As far as a clock may be off before the broker refuses it, and less. */
const backMs = 30_000;

test("messages are shown in the order of writing, also when the clock steps back between two verbs", async () => {
  await using ground = await Ground.start();
  const [, bob] = await ground.mesh("alice", "bob");
  assert.ok(bob);
  const written = ["first", "second", "third", "fourth"];
  for (const [place, text] of written.entries()) {
    const now = () => Date.now() - place * (backMs / written.length);
    const verb = await ground.device("alice", { now });
    assert.equal((await verb.api.message.send({ to: "bob", text })).state, "accepted");
    await verb.close();
  }
  assert.deepEqual(texts(await read(bob)), written);
});
