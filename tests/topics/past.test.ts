import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read, texts } from "../device/home-fixture.ts";
import { keepOpen } from "../keys/room.ts";
import { until } from "./support.ts";

const posts = 250;

test("who stays connected has the past of its topics soon, finds it by a search, and is offered none of it", async () => {
  await using ground = await Ground.start();
  const alice = await ground.device("alice", { guards: { repeatMs: 0, burst: 1_000_000 } });
  await alice.api.mesh.create({ name: "Team" });
  await alice.api.topic.create({ name: "deploys" });
  for (let n = 1; n <= posts; n += 1) {
    await alice.api.topic.post({ name: "general", text: `post ${n} of the past` });
  }
  await alice.api.topic.post({ name: "deploys", text: "elsewhere" });
  const { link } = await alice.api.invite.create({});
  const bob = await ground.device("bob");
  await bob.api.invite.claim({ invite: link });
  const find = async (text: string) => (await bob.api.search.messages({ text })).items.length;
  assert.equal(await find('"post 1 of"'), 0);
  await keepOpen(bob);
  await until(
    () => find('"post 1 of"'),
    (found) => found === 1,
  );
  for (const n of [2, 100, 101, posts]) assert.equal(await find(`"post ${n} of"`), 1);
  assert.equal(await find("elsewhere"), 0, "of a topic that it is not in");
  assert.deepEqual(texts(await read(bob)), [], "what is past is offered to nobody");
  await alice.api.topic.post({ name: "general", text: "and now" });
  assert.deepEqual(texts(await read(bob, "60s")), ["and now"]);
});
