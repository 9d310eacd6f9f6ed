import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { homePaths } from "../../packages/device/src/home/paths.ts";
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

test("a kept connection sends what is in a pause that began before the clock stepped back", async () => {
  await using ground = await Ground.start();
  const [first, bob] = await ground.mesh("alice", "bob");
  assert.ok(first && bob);
  await first.close();
  let back = 0;
  const alice = await ground.device("alice", { now: () => Date.now() - back });
  await alice.api.member.list({});
  await ground.stopBroker();
  await alice.api.message.send({ to: "bob", text: "after its pause" });
  const db = new DatabaseSync(homePaths(ground.home("alice")).database);
  db.prepare("UPDATE outbox SET not_before = ?, updated_at = ?").run(
    Date.now() + backMs,
    Date.now(),
  );
  db.close();
  back = backMs;
  await ground.startBroker();
  const kept = alice.keepOnline();
  assert.deepEqual(texts(await read(bob, "60s")), ["after its pause"]);
  await kept.stop();
});
