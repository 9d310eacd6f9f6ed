import assert from "node:assert/strict";
import { test } from "node:test";
import { generalTopic, newTopicId, signTopic, systemRandom } from "@claudemesh/crypto";
import type { Topic, TopicId } from "@claudemesh/protocol";
import { waitingNotices } from "../../packages/device/src/store/notices.ts";
import { Ground, read, texts } from "../device/home-fixture.ts";
import { Inside } from "../device/inside.ts";
import { around, historyOf, postBy, topicNamed } from "./support.ts";

const notices = ({ ctx, row }: Inside): string =>
  waitingNotices(ctx.store, row.mesh)
    .map(({ text }) => text)
    .join("\n");

const statementBy = (by: Inside, topic: TopicId, name: string, version = 1): Topic =>
  signTopic(
    {
      ...{ mesh: by.row.mesh, topic, version, name, visibility: "public" },
      at: Date.now(),
    },
    by.secret.signer,
  );

test("an edit or retraction of another's post changes nothing, and is told of", async () => {
  await using ground = await Ground.start();
  const [alice, , carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && carol);
  const { id } = await alice.api.topic.post({ name: "general", text: "pay alice" });
  await carol.drain();
  using bob = new Inside(ground, "bob");
  using hit = new Inside(ground, "carol");
  const general = generalTopic(bob.row.mesh);
  const edit = { subtype: "post.edit", text: "pay bob" };
  await hit.take("message", postBy(bob, general, edit, { replyTo: id }));
  const retract = { subtype: "post.retract", text: "" };
  await hit.take("message", postBy(bob, general, retract, { replyTo: id, n: 1_001 }));
  assert.deepEqual(await historyOf(carol, "general"), ["pay alice"]);
  assert.match(notices(hit), /bob tried to edit a post of another/);
  assert.match(notices(hit), /bob tried to retract a post of another/);
  assert.deepEqual(texts(await read(carol)), ["pay alice"], "neither is a message");
});

test("a broker cannot have a name mean another topic", async () => {
  await using ground = await Ground.start();
  const [alice, second, third] = await ground.mesh("alice", "bob", "eve");
  assert.ok(alice && second && third);
  const { id } = await alice.api.topic.create({ name: "deploys" });
  await second.api.topic.join({ name: "deploys" });
  using bob = new Inside(ground, "bob");
  using eve = new Inside(ground, "eve");
  // Eve, a member like others, signs a topic of the same name, which the broker hands out.
  const other = newTopicId(systemRandom);
  await bob.take("topic", { topic: statementBy(eve, other, "deploys") });
  assert.match(notices(bob), /another topic has the name already/);
  // Nor does she change what it is, or end it.
  await bob.take("topic", { topic: statementBy(eve, id as TopicId, "deploys", 9) });
  assert.match(notices(bob), /only its lead or an admin/);
  const altered = { ...statementBy(eve, other, "rollouts"), name: "roll" };
  await bob.take("topic", { topic: altered });
  assert.match(notices(bob), /signature of the topic does not verify/);
  await bob.take("topic", { topic: statementBy(eve, generalTopic(eve.row.mesh), "general") });
  assert.match(notices(bob), /#general is what it is/);
  assert.equal((await topicNamed(second, "deploys"))?.id, id);
});

test("a post copied to another topic does not open there", async () => {
  await using ground = await Ground.start();
  const [alice, second] = await ground.mesh("alice", "bob", "eve");
  assert.ok(alice && second);
  const { id } = await alice.api.topic.create({ name: "plans" });
  await second.api.topic.join({ name: "plans" });
  using author = new Inside(ground, "alice");
  using bob = new Inside(ground, "bob");
  const general = generalTopic(author.row.mesh);
  const post = postBy(author, general, { text: "for everyone" });
  const { header } = post;
  const moved = { ...post, header: { ...header, to: `t:${id}` } };
  await bob.take("message", moved);
  assert.match(notices(bob), /signature of the envelope does not verify/);
  // Signed anew by another member for the other topic, what is inside still says where it belongs.
  using eve = new Inside(ground, "eve");
  const own = postBy(eve, id as TopicId, { text: "mine" });
  await bob.take("message", around(eve, own.header, post));
  assert.match(notices(bob), /the body does not open with this key under this header/);
  assert.deepEqual(texts(await read(second)), []);
});

test("what the broker gives as a topic's past is checked like everything else", async () => {
  await using ground = await Ground.start();
  const [alice, second] = await ground.mesh("alice", "bob");
  assert.ok(alice && second);
  await alice.api.topic.post({ name: "general", text: "one" });
  await alice.api.topic.create({ name: "plans" });
  await alice.api.topic.post({ name: "plans", text: "elsewhere" });
  using bob = new Inside(ground, "bob");
  using author = new Inside(ground, "alice");
  const general = generalTopic(author.row.mesh);
  const good = postBy(author, general, { text: "good" });
  const forged = { ...postBy(author, general, { text: "forged" }), sig: good.sig };
  const { id } = (await topicNamed(alice, "plans")) ?? {};
  const foreign = postBy(author, id as TopicId, { text: "foreign" });
  const items = [good, forged, foreign].map((body, at) => ({ seq: 900 - at, body }));
  const { fetchPast } = await import("../../packages/device/src/topics/fetch-past.ts");
  const { resolveTopic } = await import("../../packages/device/src/topics/resolve-topic.ts");
  const found = await resolveTopic(bob.ctx, bob.row, "general");
  const client = { topic: { history: async () => ({ items, more: false }) } };
  const link = { client } as unknown as Parameters<typeof fetchPast>[2];
  const query = { before: undefined, limit: 50 };
  const notes = await fetchPast(bob.ctx, bob.row, link, found, query);
  assert.deepEqual(notes, [
    "entry 899 was refused: the signature of the envelope does not verify",
    "entry 898 was refused: it was not posted to this topic",
  ]);
  assert.ok((await historyOf(second, "general")).includes("good"));
  assert.deepEqual(texts(await read(second)), ["one"], "history is offered to nobody");
});
